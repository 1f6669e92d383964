"""Addresses of tablets: the worker, the outbox, the sync road."""

from django.urls import path

from tablets.views import conflicts, pages, recovery, sync, worker

app_name = "tablets"
urlpatterns = [
    path("sw.js", worker.worker, name="worker"),
    path("manifest.webmanifest", worker.manifest, name="manifest"),
    path("tablet/", pages.outbox, name="outbox"),
    path("tablet/offline/", pages.offline, name="offline"),
    path("tablet/ready/", sync.ready, name="ready"),
    path("tablet/sync/", sync.sync, name="sync"),
    path("tablet/board/", sync.board, name="board"),
    path("tablet/recover/", recovery.recover, name="recover"),
    path("tablet/conflicts/", conflicts.conflicts, name="conflicts"),
    path("tablet/conflicts/<uuid:conflict_uid>/", conflicts.decide, name="decide"),
]
