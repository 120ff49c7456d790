"""Directory, ratings and their two tallies."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "area",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("usual_name", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area")),
        sa.UniqueConstraint("code", name=op.f("uq_area_code")),
    )
    op.create_table(
        "demo_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_demo_mark_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demo_mark")),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("short_name", sa.String(length=60), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("slug", name=op.f("uq_unit_slug")),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_path"), ["path"], unique=False)

    op.create_table(
        "service",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_service_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
        sa.UniqueConstraint("unit_id", "slug", name=op.f("uq_service_unit_id_slug")),
    )
    op.create_table(
        "service_month_tally",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("s1", sa.Integer(), server_default="0", nullable=False),
        sa.Column("s2", sa.Integer(), server_default="0", nullable=False),
        sa.Column("s3", sa.Integer(), server_default="0", nullable=False),
        sa.Column("s4", sa.Integer(), server_default="0", nullable=False),
        sa.Column("s5", sa.Integer(), server_default="0", nullable=False),
        sa.Column("positive", sa.Integer(), server_default="0", nullable=False),
        sa.Column("neutral", sa.Integer(), server_default="0", nullable=False),
        sa.Column("negative", sa.Integer(), server_default="0", nullable=False),
        sa.Column("uncertain", sa.Integer(), server_default="0", nullable=False),
        sa.Column("excluded_repeat", sa.Integer(), server_default="0", nullable=False),
        sa.Column("excluded_burst", sa.Integer(), server_default="0", nullable=False),
        sa.Column("withdrawn", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["area_id"], ["area.id"], name=op.f("fk_service_month_tally_area_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_service_month_tally_service_id")
        ),
        sa.PrimaryKeyConstraint(
            "service_id", "area_id", "month", name=op.f("pk_service_month_tally")
        ),
    )
    with op.batch_alter_table("service_month_tally", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_month_tally_month"), ["month"], unique=False)

    op.create_table(
        "service_point",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_service_point_area_id")),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_service_point_service_id")
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["service_point.id"], name=op.f("fk_service_point_successor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_point")),
        sa.UniqueConstraint("code", name=op.f("uq_service_point_code")),
    )
    with op.batch_alter_table("service_point", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_service_point_service_id"), ["service_id"], unique=False
        )

    op.create_table(
        "point_day_tally",
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.Column("rated_on", sa.Date(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("s1", sa.Integer(), server_default="0", nullable=False),
        sa.Column("s2", sa.Integer(), server_default="0", nullable=False),
        sa.Column("s3", sa.Integer(), server_default="0", nullable=False),
        sa.Column("s4", sa.Integer(), server_default="0", nullable=False),
        sa.Column("s5", sa.Integer(), server_default="0", nullable=False),
        sa.Column("positive", sa.Integer(), server_default="0", nullable=False),
        sa.Column("neutral", sa.Integer(), server_default="0", nullable=False),
        sa.Column("negative", sa.Integer(), server_default="0", nullable=False),
        sa.Column("uncertain", sa.Integer(), server_default="0", nullable=False),
        sa.Column("excluded_repeat", sa.Integer(), server_default="0", nullable=False),
        sa.Column("excluded_burst", sa.Integer(), server_default="0", nullable=False),
        sa.Column("withdrawn", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_point_day_tally_area_id")),
        sa.ForeignKeyConstraint(
            ["point_id"], ["service_point.id"], name=op.f("fk_point_day_tally_point_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_point_day_tally_service_id")
        ),
        sa.PrimaryKeyConstraint(
            "point_id", "rated_on", "service_id", "area_id", name=op.f("pk_point_day_tally")
        ),
    )
    with op.batch_alter_table("point_day_tally", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_point_day_tally_rated_on"), ["rated_on"], unique=False)

    op.create_table(
        "rating",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("nonce", sa.String(length=16), nullable=False),
        sa.Column("receipt", sa.String(length=8), nullable=False),
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("tone", sa.String(length=10), nullable=True),
        sa.Column("machine_tone", sa.String(length=10), nullable=True),
        sa.Column("polarity", sa.Double(), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("model_version", sa.String(length=32), nullable=True),
        sa.Column("exclusion", sa.String(length=10), nullable=True),
        sa.Column("rated_at", sa.DateTime(), nullable=False),
        sa.Column("rated_on", sa.Date(), nullable=False),
        sa.Column("corrected_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name=op.f("ck_rating_score")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_rating_area_id")),
        sa.ForeignKeyConstraint(
            ["point_id"], ["service_point.id"], name=op.f("fk_rating_point_id")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_rating_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating")),
        sa.UniqueConstraint("nonce", name=op.f("uq_rating_nonce")),
        sa.UniqueConstraint("receipt", name=op.f("uq_rating_receipt")),
    )
    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.create_index(
            "ix_rating_words",
            ["service_id", "rated_on", "tone", "score", "id"],
            unique=False,
            sqlite_where=sa.text("words IS NOT NULL"),
            postgresql_where=sa.text("words IS NOT NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_rating_words",
            sqlite_where=sa.text("words IS NOT NULL"),
            postgresql_where=sa.text("words IS NOT NULL"),
        )

    op.drop_table("rating")
    with op.batch_alter_table("point_day_tally", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_point_day_tally_rated_on"))

    op.drop_table("point_day_tally")
    with op.batch_alter_table("service_point", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_service_point_service_id"))

    op.drop_table("service_point")
    with op.batch_alter_table("service_month_tally", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_service_month_tally_month"))

    op.drop_table("service_month_tally")
    op.drop_table("service")
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_path"))

    op.drop_table("unit")
    op.drop_table("demo_mark")
    op.drop_table("area")
