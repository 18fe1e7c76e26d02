"""Puts the threads of standard input (JSON) into a forum of Spirit; prints the path of its list of topics."""

import json
import sys
from datetime import datetime
from html import escape

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from spirit.category.models import Category  # noqa: E402
from spirit.comment.models import Comment  # noqa: E402
from spirit.topic.models import Topic  # noqa: E402


def main() -> None:
    category = Category.objects.create(title="催收")
    for thread in json.load(sys.stdin):
        opener, *_ = thread["posts"]
        topic = Topic.objects.create(
            user=_user(opener), category=category, title=thread["title"], comment_count=len(thread["posts"])
        )
        for said in thread["posts"]:
            html = f"<p>{escape(said['text'])}</p>"
            Comment.objects.create(
                user=_user(said), topic=topic, comment=said["text"], comment_html=html, date=said["at"]
            )
            Topic.objects.filter(pk=topic.pk).update(last_active=datetime.fromisoformat(said["at"]))
    print(category.get_absolute_url())


def _user(said):
    user, new = get_user_model().objects.get_or_create(username=said["author"])
    if new:
        user.st.nickname = said["author"]
        user.st.save()
    return user


main()
