"""Scores are added while their cycle is open and never changed; a closed cycle never changes again."""

from django.db import migrations

from zhiheng.tenancy.migration_operations import AppendOnly

# A restrictive policy holds beside that of the tenant. WITH CHECK (true): it is the row as it was that decides.
CLOSED_CYCLE_STAYS = """
CREATE POLICY closed_update ON reviews_reviewcycle AS RESTRICTIVE FOR UPDATE
    USING (state <> 'closed') WITH CHECK (true);
CREATE POLICY closed_delete ON reviews_reviewcycle AS RESTRICTIVE FOR DELETE
    USING (state <> 'closed');
CREATE POLICY closed_insert ON reviews_score AS RESTRICTIVE FOR INSERT
    WITH CHECK (EXISTS (
        SELECT FROM reviews_reviewcycle cycle
        WHERE cycle.tenant_id = reviews_score.tenant_id AND cycle.id = reviews_score.cycle_id
        AND cycle.state <> 'closed'
    ));
"""
BACK = """
DROP POLICY closed_update ON reviews_reviewcycle;
DROP POLICY closed_delete ON reviews_reviewcycle;
DROP POLICY closed_insert ON reviews_score;
"""


class Migration(migrations.Migration):
    dependencies = [("reviews", "0001_initial")]

    operations = [
        AppendOnly("ScorecardVersion"),
        AppendOnly("Score"),
        migrations.RunSQL(CLOSED_CYCLE_STAYS, BACK),
    ]
