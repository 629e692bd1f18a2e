from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path{{ ', register_converter' if client else '' }}
from django.views.generic import RedirectView

from config.uploads import media
from pages import mails
{{ 'from pages.client import PageAddress, elsewhere, page, site\n' if client else '' }}from pages.views import {{ '' if client else 'Home, ' }}blocked, robots
from users.views import SignOut, admin_sign_in

admin.site.site_header = admin.site.site_title = settings.SITE_NAME

# The admin has no pages of its own for signing in, signing out and passwords: these come first, and
# nothing on the site tells a stranger where the admin is.
admin_urls: list[URLPattern | URLResolver] = [
    path("login/", admin_sign_in),
    path("logout/", SignOut.as_view()),
    path("password_change/", RedirectView.as_view(pattern_name="users:password_change")),
    path("", admin.site.urls),
]

urlpatterns = [
    path("", {{ 'page' if client else 'Home.as_view()' }}, name="home"),
{{ '    path("site.json", site, name="site"),\n' if client else '' }}    path("robots.txt", robots, name="robots"),
    path("media/<path:path>", media, name="media"),
{% if api %}
    path("api/v1/", include("api.urls")),
{% endif %}
{{ '    path("accounts/", include("accounts.urls")),\n' if accounts else '' }}    path("accounts/", include("users.urls")),
{{ '    path("accounts/tokens/", include("api.pages")),\n' if accounts and api else '' }}    path("notes/", include("notes.urls")),
    path(f"{settings.ADMIN_PATH}/", include(admin_urls)),
]

if settings.DEBUG:
    urlpatterns += [
        path("csp-report/", blocked, name="csp_report"),
        path("mails/", mails.index, name="mails"),
    ]

{% if client %}
# Last, for it takes whatever is left.
register_converter(PageAddress, "page")
urlpatterns.append(path("<page:address>", elsewhere, name="page"))

{% endif %}
handler400 = "pages.errors.bad_request"
handler403 = "pages.errors.permission_denied"
handler404 = "pages.errors.not_found"
handler500 = "pages.errors.server_error"
