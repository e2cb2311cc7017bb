<?php
/**
 * Installs WordPress into its folder's SQLite file and fills it with the library that all cases share.
 *
 * php install.php WORDPRESS_FOLDER LIBRARY_JSON
 */

define( 'WP_INSTALLING', true );
$_SERVER['HTTP_HOST'] = 'example.test';
require $argv[1] . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
require __DIR__ . '/records.php';

add_filter( 'pre_wp_mail', '__return_false' );
wp_install( 'Golden', 'editor', 'editor@example.test', false, '', 'only-for-this-file' );

$library = read_json( $argv[2] );
foreach ( $library['options'] as $name => $value ) {
	update_option( $name, $value );
}
insert_records( $library );
