<?php
/**
 * Installs WordPress into its folder's SQLite file and fills it with the library that all cases share.
 *
 * php install.php WORDPRESS_FOLDER LIBRARY_JSON
 */

define( 'WP_INSTALLING', true );
require $argv[1] . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
require __DIR__ . '/records.php';

add_filter( 'pre_wp_mail', '__return_false' );
wp_install( 'Golden', 'editor', 'editor@example.test', false, '', 'only-for-this-file' );

foreach ( get_posts( array( 'post_type' => 'any', 'post_status' => 'any', 'numberposts' => -1 ) ) as $sample ) {
	wp_delete_post( $sample->ID, true ); // samples bear the date of today: no capture would be like the last
}

$library = read_json( $argv[2] );
foreach ( $library['options'] as $name => $value ) {
	update_option( $name, $value );
}
insert_records( $library );
