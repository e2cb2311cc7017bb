-- One content table as a front end reads it: everything a page shows in one row, no joins to write.
-- Braces are filled in by views/__init__.py. Every status is here; public pages add
-- WHERE status = 'published' AND NOT is_password_protected.
CREATE VIEW api.{table} AS
SELECT
    content.id,
    site.key AS site,
    content.language,
    content.path,
    content.slug,
    content.status,
    content.is_password_protected,
    content.published_at,
    content.updated_at,
    content.title,
    content.excerpt,
    content.content_html,
    content.content_text,
    content.blocks,
    {columns},
    content.comment_status,
    content.seo,
    content.custom_fields,
    content.translation_origin,
    content.search,
    author.author,
    featured.featured_image,
    coalesce(filed.categories, '[]') AS categories,
    coalesce(filed.tags, '[]') AS tags,
    coalesce(filed.terms, '[]') AS terms,
    coalesce(other.translations, '[]') AS translations
FROM cms.{table} AS content
JOIN cms.sites AS site ON site.id = content.site_id
LEFT JOIN LATERAL (
    SELECT jsonb_build_object(
        'id', users.id, 'login', users.login, 'name', users.display_name, 'bio', users.bio, 'url', users.url,
        'avatar_url', users.avatar_url
    ) AS author
    FROM cms.users
    WHERE users.id = content.author_id AND users.deleted_at IS NULL
) AS author ON true
LEFT JOIN LATERAL (
    SELECT jsonb_build_object(
        'id', media.id, 'store_key', media.store_key, 'mime_type', media.mime_type, 'width', media.width,
        'height', media.height, 'alt_text', media.alt_text, 'caption', media.caption,
        'placeholder', media.placeholder, 'variants', coalesce(stored.variants, '[]')
    ) AS featured_image
    FROM cms.media
    LEFT JOIN LATERAL (
        SELECT jsonb_agg(
            jsonb_build_object(
                'store_key', variant.store_key, 'mime_type', variant.mime_type, 'role', variant.role,
                'width', variant.width, 'height', variant.height, 'byte_size', variant.byte_size
            )
            ORDER BY variant.width, variant.store_key
        ) AS variants
        FROM cms.media_variants AS variant
        WHERE variant.media_id = media.id
    ) AS stored ON true
    WHERE media.id = content.featured_media_id AND media.deleted_at IS NULL
) AS featured ON true
LEFT JOIN LATERAL (
    SELECT
        jsonb_agg(term.value ORDER BY term.position, term.name)
            FILTER (WHERE term.taxonomy IN ('category', 'product_cat', 'portfolio_category')) AS categories,
        jsonb_agg(term.value ORDER BY term.position, term.name)
            FILTER (WHERE term.taxonomy IN ('post_tag', 'product_tag', 'portfolio_tags')) AS tags,
        jsonb_agg(term.value ORDER BY term.taxonomy, term.position, term.name) AS terms
    FROM (
        SELECT
            terms.taxonomy, terms.name, link.position,
            jsonb_build_object(
                'id', terms.id, 'taxonomy', terms.taxonomy, 'slug', terms.slug, 'name', terms.name,
                'path', terms.path, 'parent_id', terms.parent_id
            ) AS value
        FROM cms.term_relationships AS link
        JOIN cms.terms ON terms.id = link.term_id AND terms.deleted_at IS NULL
        WHERE link.{reference} = content.id
    ) AS term
) AS filed ON true
LEFT JOIN LATERAL (
    SELECT jsonb_agg(
        jsonb_build_object(
            'id', twin.id, 'language', twin.language, 'path', twin.path, 'title', twin.title,
            'status', twin.status, 'translation_origin', twin.translation_origin
        )
        ORDER BY twin.language
    ) AS translations
    FROM cms.{table} AS twin
    WHERE twin.site_id = content.site_id
        AND twin.translation_group_id = content.translation_group_id
        AND twin.id <> content.id
        AND twin.deleted_at IS NULL
) AS other ON true
WHERE content.deleted_at IS NULL
