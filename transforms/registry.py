"""Every entity that wpferry migrates, in the order in which they are loaded: what others refer to comes first."""

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

ENTITIES: tuple[Entity, ...] = (
    USERS,
    MEDIA,
    TERMS,
    PAGES,
    ARTICLES,
    PORTFOLIOS,
    PRODUCTS,
    ENTRIES,
    COMMENTS,
    MENUS,
    REDIRECTS,
    SETTINGS,
)
