<?php
/**
 * Puts the records of a JSON file into WordPress by its own functions, as they stand, with the ids they name.
 */

function read_json( string $path ): array {
	return json_decode( file_get_contents( $path ), true, 512, JSON_THROW_ON_ERROR );
}

function insert_records( array $records ): void {
	// The cases hold what is stored; nothing may be cleaned or completed on its way in.
	remove_all_filters( 'content_save_pre' );
	remove_all_filters( 'excerpt_save_pre' );
	remove_all_filters( 'title_save_pre' );
	foreach ( $records['posts'] ?? array() as $post ) {
		insert_post( $post );
	}
	foreach ( $records['attachments'] ?? array() as $attachment ) {
		insert_attachment( $attachment );
	}
}

function insert_post( array $post ): void {
	$id = wp_insert_post(
		wp_slash(
			array(
				'import_id'    => $post['id'],
				'post_type'    => $post['type'],
				'post_status'  => $post['status'] ?? 'publish',
				'post_title'   => $post['title'],
				'post_name'    => $post['slug'] ?? '',
				'post_content' => implode( "\n", $post['content'] ),
				'post_parent'  => $post['parent_id'] ?? 0,
				'post_author'  => 1,
				'post_date'    => '2024-05-01 12:00:00',
			)
		),
		true
	);
	must_be( $post['id'], $id );
	foreach ( $post['meta'] ?? array() as $key => $value ) {
		add_post_meta( $id, $key, wp_slash( $value ) );
	}
}

function insert_attachment( array $attachment ): void {
	$id = wp_insert_attachment(
		wp_slash(
			array(
				'import_id'      => $attachment['id'],
				'post_title'     => $attachment['title'],
				'post_excerpt'   => $attachment['caption'] ?? '',
				'post_mime_type' => $attachment['mime_type'],
				'menu_order'     => $attachment['menu_order'] ?? 0,
				'post_author'    => 1,
				'post_date'      => '2024-05-01 12:00:00',
				'guid'           => 'https://example.test/wp-content/uploads/' . $attachment['file'],
			)
		),
		$attachment['file'],
		$attachment['parent_id'] ?? 0
	);
	must_be( $attachment['id'], $id );
	update_post_meta( $id, '_wp_attachment_image_alt', wp_slash( $attachment['alt'] ?? '' ) );
	if ( isset( $attachment['width'] ) ) {
		wp_update_attachment_metadata( $id, image_metadata( $attachment ) );
	}
}

function image_metadata( array $attachment ): array {
	$file  = pathinfo( $attachment['file'] );
	$sizes = array();
	foreach ( $attachment['sizes'] ?? array() as $name => list( $width, $height ) ) {
		$sizes[ $name ] = array(
			'file'      => "{$file['filename']}-{$width}x{$height}.{$file['extension']}",
			'width'     => $width,
			'height'    => $height,
			'mime-type' => $attachment['mime_type'],
		);
	}
	return array(
		'width'      => $attachment['width'],
		'height'     => $attachment['height'],
		'file'       => $attachment['file'],
		'sizes'      => $sizes,
		'image_meta' => array(),
	);
}

function must_be( int $wanted, $got ): void {
	if ( $wanted !== $got ) {
		fwrite( STDERR, "WordPress gave the record $wanted the id " . print_r( $got, true ) . ".\n" );
		exit( 1 );
	}
}
