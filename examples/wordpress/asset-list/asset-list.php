<?php
/**
 * Plugin Name: Asset list
 * Description: [asset_list url="https://register.example/near/EH6%208RG?radius=2km"] shows a list of a community register. Your server fetches it and keeps it for a quarter of an hour; visitors load nothing from elsewhere.
 * Version: 1.0.0
 * Requires at least: 5.0
 * Requires PHP: 7.4
 * License: MIT
 */

defined( 'ABSPATH' ) || exit;

/** The registers from which lists are taken; no page can name another. */
const ASSET_LIST_REGISTERS = array( 'https://register.example' );

/** How long a list is shown before it is asked for again, and how long an old one stands in. */
const ASSET_LIST_FRESH = 15 * MINUTE_IN_SECONDS;
const ASSET_LIST_STALE = WEEK_IN_SECONDS;

/** The address of the list as a piece of HTML; nothing when it is not one of ours. */
function asset_list_fragment( $given ) {
	$url      = (array) wp_parse_url( $given['url'] ) + array( 'scheme' => '', 'host' => '', 'path' => '' );
	$register = $url['scheme'] . '://' . $url['host'] . ( isset( $url['port'] ) ? ':' . $url['port'] : '' );
	if ( '' === $url['path'] || ! in_array( $register, ASSET_LIST_REGISTERS, true ) ) {
		return '';
	}
	$fragment = $register . $url['path'] . '.fragment.html' . ( isset( $url['query'] ) ? '?' . $url['query'] : '' );
	$said     = array_filter(
		array(
			'heading'       => $given['heading'],
			'heading-level' => $given['level'],
			'limit'         => $given['limit'],
			'lang'          => $given['lang'],
		)
	);
	return add_query_arg( array_map( 'rawurlencode', $said ), $fragment );
}

/** The list of the shortcode: fresh, or as it was last, or a link to it. */
function asset_list_shortcode( $attributes ) {
	$given = shortcode_atts( array( 'url' => '', 'heading' => '', 'level' => '2', 'limit' => '10', 'lang' => '' ), $attributes, 'asset_list' );
	$from  = asset_list_fragment( $given );
	if ( '' === $from ) {
		$why = esc_html__( 'No list is shown: its address is not that of a register in ASSET_LIST_REGISTERS. Visitors do not see this.', 'asset-list' );
		return current_user_can( 'edit_posts' ) ? "<p>$why</p>" : '';
	}
	$key  = 'asset_list_' . md5( $from );
	$html = get_transient( $key );
	if ( false === $html ) {
		$reply = wp_safe_remote_get( $from, array( 'timeout' => 5 ) );
		if ( 200 === wp_remote_retrieve_response_code( $reply ) ) {
			$html = wp_kses_post( wp_remote_retrieve_body( $reply ) );
			set_transient( $key . '_last', $html, ASSET_LIST_STALE );
			set_transient( $key, $html, ASSET_LIST_FRESH );
		} else {
			$html = get_transient( $key . '_last' );
			set_transient( $key, (string) $html, MINUTE_IN_SECONDS );
		}
	}
	return $html ? $html : sprintf( '<p><a href="%s">%s</a></p>', esc_url( $given['url'] ), esc_html__( 'Groups and services near you', 'asset-list' ) );
}

add_shortcode( 'asset_list', 'asset_list_shortcode' );
