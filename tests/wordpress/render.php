<?php
/**
 * Prints what a visitor of WordPress reads of one case: its post's content, or its comment's text.
 *
 * php render.php WORDPRESS_FOLDER SOURCE_JSON
 */

$_SERVER['REQUEST_URI'] = '/case/';
require $argv[1] . '/wp-load.php';
require __DIR__ . '/records.php';

const SEEN_POST = 100;

$source = read_json( $argv[2] );
foreach ( $source['options'] ?? array() as $name => $value ) {
	update_option( $name, $value );
}
insert_records( $source );
if ( isset( $source['comment'] ) ) {
	insert_post( array( 'id' => SEEN_POST, 'type' => 'post', 'title' => 'Case', 'content' => array( '' ) ) );
	$comment = wp_insert_comment(
		wp_slash(
			array(
				'comment_post_ID' => SEEN_POST,
				'comment_author'  => 'A reader',
				'comment_content' => implode( "\n", $source['comment'] ),
			)
		)
	);
	echo apply_filters( 'comment_text', get_comment_text( $comment ), get_comment( $comment ), array() );
	exit;
}

insert_post( array( 'id' => SEEN_POST, 'type' => 'post', 'slug' => 'case' ) + $source['post'] + array( 'title' => 'Case' ) );
$wp_query     = new WP_Query( array( 'p' => SEEN_POST ) );
$wp_the_query = $wp_query;
mt_srand( 1 ); // antispambot() writes e-mail addresses in a random way
the_post();
echo apply_filters( 'the_content', get_post()->post_content );
