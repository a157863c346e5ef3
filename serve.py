"""The way in for whoever serves a class: `make serve`. The pages are those of app.py; serving/ is what stands in front of them."""

import streamlit as st
from starlette.middleware import Middleware

from serving import card, health, metrics
from serving.bundles import Bundles
from serving.door import Door
from serving.headers import Headers, embedded_by, headers
from serving.life import life

tabs = metrics.Tabs()
app = st.App(
    "app.py",
    lifespan=life,
    routes=[*health.ROUTES, metrics.route(tabs), *card.routes()],
    middleware=[
        Middleware(Headers, headers(embedded_by())),
        Middleware(Door),
        Middleware(tabs.counting),
        Middleware(Bundles),
    ],
)
