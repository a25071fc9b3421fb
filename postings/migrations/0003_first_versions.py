"""Posts described so far in one row each get their description as a first version."""

from django.db import migrations

GONE = "archived"


def describe(apps, schema_editor):
    """One released version per post, written and approved by two HR officers: only they could describe posts."""
    posts = apps.get_model("postings", "PostDescription").objects.exclude(state="draft")
    if not posts.exists():
        return
    version_model = apps.get_model("postings", "PostVersion")
    grants = apps.get_model("staff", "RoleGrant").objects.filter(role="hr")
    officers = list(grants.order_by("user").values_list("user", flat=True).distinct()[:2])
    if len(officers) < 2:
        raise RuntimeError("Posts can be carried over once two HR officers have been granted.")
    writer, approver = officers
    for post in posts.select_related("section"):
        post.shown = version_model.objects.create(
            post=post,
            number=1,
            stage="released",
            title=post.title,
            grade=post.grade,
            duties=post.duty,
            place=post.section.place,
            edited_by_id=writer,
            submitted_by_id=writer,
            approved_by_id=approver,
            publish_on=post.section.valid_from,
            released_on=post.section.valid_from,
        )
        post.archived_on = post.section.valid_from if post.state == GONE else None
        post.save(update_fields=["shown", "archived_on"])


class Migration(migrations.Migration):

    dependencies = [
        ('postings', '0002_versions'),
    ]

    operations = [
        migrations.RunPython(describe),
        # What was just written has checks that wait for the end; the columns cannot go before.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE"),
        migrations.RemoveConstraint(
            model_name='postdescription',
            name='post_is_not_managerial',
        ),
        migrations.RemoveField(
            model_name='postdescription',
            name='duty',
        ),
        migrations.RemoveField(
            model_name='postdescription',
            name='grade',
        ),
        migrations.RemoveField(
            model_name='postdescription',
            name='state',
        ),
        migrations.RemoveField(
            model_name='postdescription',
            name='title',
        ),
    ]
