<?php
/** The pinned WordPress: one SQLite file, no network, no cron. */

$_SERVER['HTTP_HOST'] = 'example.test';
$_SERVER['HTTPS']     = 'on';

define( 'WP_HOME', 'https://example.test' );
define( 'WP_SITEURL', 'https://example.test' );
define( 'DB_NAME', 'wordpress' );
define( 'DB_USER', '' );
define( 'DB_PASSWORD', '' );
define( 'DB_HOST', '' );
define( 'DB_CHARSET', 'utf8mb4' );
define( 'DB_COLLATE', '' );
define( 'DB_DIR', getenv( 'WORDPRESS_DATABASE_FOLDER' ) );
define( 'DB_FILE', 'wordpress.sqlite' );
define( 'WP_HTTP_BLOCK_EXTERNAL', true );
define( 'DISABLE_WP_CRON', true );
define( 'AUTOMATIC_UPDATER_DISABLED', true );
define( 'WP_DEBUG', false );

$table_prefix = 'wp_';

if ( ! defined( 'ABSPATH' ) ) {
	define( 'ABSPATH', __DIR__ . '/' );
}
require_once ABSPATH . 'wp-settings.php';
