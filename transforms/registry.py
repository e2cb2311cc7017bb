"""Every entity that wpferry migrates."""

from __future__ import annotations

from transforms.contract import Entity
from transforms.entities.articles import ARTICLES
from transforms.entities.comments import COMMENTS
from transforms.entities.entries import ENTRIES
from transforms.entities.media import MEDIA
from transforms.entities.menus import MENUS
from transforms.entities.pages import PAGES
from transforms.entities.portfolios import PORTFOLIOS
from transforms.entities.products import PRODUCTS
from transforms.entities.redirects import REDIRECTS
from transforms.entities.settings import SETTINGS
from transforms.entities.terms import TERMS
from transforms.entities.users import USERS

LOAD_ORDER: tuple[tuple[Entity, ...], ...] = (
    (USERS, MEDIA),
    (TERMS,),
    (PAGES, ARTICLES, PORTFOLIOS, PRODUCTS, ENTRIES, REDIRECTS, SETTINGS),
    (COMMENTS, MENUS),
)
"""In the order in which they are loaded: what others refer to comes first, those side by side do not need each other.

What is quickly done comes last among those, so that all workers are busy to the end.
"""

ENTITIES: tuple[Entity, ...] = tuple(entity for entities in LOAD_ORDER for entity in entities)
