"""Puts the threads of standard input (JSON) into a forum of django-machina; prints the path of its list of topics."""

import json
import sys
from datetime import datetime

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.contrib.auth.models import AnonymousUser  # noqa: E402, F401
from django.urls import reverse  # noqa: E402
from machina.apps.forum.models import Forum  # noqa: E402
from machina.apps.forum_conversation.models import Post, Topic  # noqa: E402
from machina.apps.forum_permission.models import ForumPermission, UserForumPermission  # noqa: E402


def main() -> None:
    forum = Forum.objects.create(name="催收", type=Forum.FORUM_POST)
    for name in ("can_see_forum", "can_read_forum"):
        permission = ForumPermission.objects.get(codename=name)
        UserForumPermission.objects.create(permission=permission, anonymous_user=True, has_perm=True)
    for thread in json.load(sys.stdin):
        opener, *_ = thread["posts"]
        topic = Topic.objects.create(
            forum=forum, poster=_user(opener), subject=thread["title"], type=Topic.TOPIC_POST,
            status=Topic.TOPIC_UNLOCKED, approved=True,
        )  # fmt: skip
        for said in thread["posts"]:
            post = Post.objects.create(
                topic=topic, poster=_user(said), subject=thread["title"], content=said["text"], approved=True
            )
            Post.objects.filter(pk=post.pk).update(created=datetime.fromisoformat(said["at"]))
    print(reverse("forum:forum", kwargs={"slug": forum.slug or "f", "pk": forum.pk}))


def _user(said):
    return get_user_model().objects.get_or_create(username=said["author"])[0]


main()
