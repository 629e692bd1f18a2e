from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from config.uploads import media
from config.views import robots, root

urlpatterns = [
    path("", root, name="root"),
    path("robots.txt", robots, name="robots"),
    path("media/<path:path>", media, name="media"),
    path("api/v1/", include("api.urls")),
    path(f"{settings.ADMIN_PATH}/", admin.site.urls),
]

# For other errors Django's own pages do: `api.middleware` makes problems of them, save in the admin.
handler400 = "config.views.bad_request"
