/* Keys: which may administer, and that one always may. */
#include "core/state.h"
#include "unit/core/settings.h"
#include "unit/test.h"

/* ---- keys ---- */

TEST(a_key_that_may_administer_keeps_that_while_no_other_lasting_key_may)
{
    struct world *world = world_new();
    struct msg_key_set set = key_set("tinh", world_key("tinh"), TERM_BIT(RIGHT_READ) | TERM_BIT(RIGHT_ADMINISTER));
    MSG_SET(&set.key, key, valid_until, world->now + WORLD_DAY);
    world_send(world, "tinh", OP_KEY_SET, &set);
    settings_refused(world, COORD_E_BAD_VALUE, "key.valid_until");
    /* One that has expired, one that is revoked, and one of an agency that is closed administer nothing. */
    struct msg_key_set expired = key_set("so1", world_key("expired"), TERM_BIT(RIGHT_ADMINISTER));
    MSG_SET(&expired.key, key, valid_until, world->now);
    world_send(world, "tinh", OP_KEY_SET, &expired);
    settings_refused(world, COORD_E_BAD_VALUE, "key.valid_until"); /* a new one that could never be used */
    MSG_SET(&expired.key, key, valid_until, world->now + 1);
    MSG_SET(&expired.key, key, public_key, text_of(world_key("expired")));
    assert_int_equal(world_send(world, "tinh", OP_KEY_SET, &expired), 0);
    MSG_SET(&expired.key, key, valid_until, world->now);
    MSG_SET(&expired.key, key, public_key, text_of(world_key("expired")));
    assert_int_equal(world_send(world, "tinh", OP_KEY_SET, &expired), 0);
    struct msg_key_set lost = key_set("so1", world_key("lost"), TERM_BIT(RIGHT_ADMINISTER));
    assert_int_equal(world_send(world, "tinh", OP_KEY_SET, &lost), 0);
    struct msg_key_revoke revoke = {0};
    MSG_SET(&revoke, key_revoke, public_key, text_of(world_key("lost")));
    assert_int_equal(world_send(world, "tinh", OP_KEY_REVOKE, &revoke), 0);
    assert_int_equal(world_send(world, "tinh", OP_KEY_REVOKE, &revoke), 0); /* again changes nothing */
    struct msg_key_set of_closed = key_set("xa3", world_key("closed"), TERM_BIT(RIGHT_ADMINISTER));
    assert_int_equal(world_send(world, "tinh", OP_KEY_SET, &of_closed), 0);
    struct msg_agency_set closed = agency_set("xa3", "huyen");
    MSG_SET(&closed.agency, agency, valid_until, world->now);
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &closed), 0);
    MSG_SET(&set.key, key, public_key, text_of(world_key("tinh")));
    world_send(world, "tinh", OP_KEY_SET, &set);
    settings_refused(world, COORD_E_BAD_VALUE, "key.valid_until");
    struct msg_key_set lasting = key_set("so1", world_key("lasting"), TERM_BIT(RIGHT_ADMINISTER));
    MSG_SET(&lasting.key, key, valid_until, world->now + 9 * WORLD_DAY);
    assert_int_equal(world_send(world, "tinh", OP_KEY_SET, &lasting), 0);
    MSG_SET(&set.key, key, public_key, text_of(world_key("tinh")));
    assert_int_equal(world_send(world, "tinh", OP_KEY_SET, &set), 0);
    world_free(world);
}

TEST(a_key_set_twice_alike_is_changed_once)
{
    struct world *world = world_new();
    struct msg_key_set set = key_set("so1", world_key("moi"), TERM_BIT(RIGHT_READ));
    assert_int_equal(world_send(world, "tinh", OP_KEY_SET, &set), 0);
    const size_t records = world->record_count;
    assert_int_equal(world_send(world, "tinh", OP_KEY_SET, &set), 0);
    assert_int_equal(world_record(world, records + 1)->record, RECORD_UNCHANGED);
    set.key.rights |= TERM_BIT(RIGHT_ACT);
    assert_int_equal(world_send(world, "tinh", OP_KEY_SET, &set), 0);
    assert_int_equal(world_record(world, records + 2)->record, RECORD_KEY);
    assert_int_equal(world->record_count, records + 2);
    set = key_set("khong-co", world_key("moi-2"), TERM_BIT(RIGHT_READ));
    world_send(world, "tinh", OP_KEY_SET, &set);
    settings_refused(world, COORD_E_AGENCY_UNKNOWN, "agency");
    world_free(world);
}

/* ---- the last key that administers ---- */

TEST(the_last_key_that_administers_is_revoked_only_by_who_says_so)
{
    struct world *world = world_new();
    struct msg_key_revoke revoke = {0};
    MSG_SET(&revoke, key_revoke, public_key, text_of(world_key("tinh")));
    assert_int_equal(world_send(world, "tinh", OP_KEY_REVOKE, &revoke), COORD_E_BAD_VALUE);
    MSG_SET(&revoke, key_revoke, even_last, false);
    assert_int_equal(world_send(world, "tinh", OP_KEY_REVOKE, &revoke), COORD_E_BAD_VALUE);
    MSG_SET(&revoke, key_revoke, even_last, true);
    assert_int_equal(world_send(world, "tinh", OP_KEY_REVOKE, &revoke), 0);
    assert_int_equal(world_send(world, "tinh", OP_HELLO, NULL), COORD_E_KEY_REVOKED);
    world_free(world);
}

TEST(the_last_key_that_administers_gives_up_that_right_only_by_who_says_so)
{
    struct world *world = world_new();
    struct msg_key_set set = {0};
    MSG_SET(&set, key_set, agency, TEXT("tinh"));
    MSG_SET(&set, key_set, key, ((struct msg_key){0}));
    MSG_SET(&set.key, key, public_key, text_of(world_key("tinh")));
    MSG_SET(&set.key, key, label, TEXT("quản trị"));
    MSG_SET(&set.key, key, rights, TERM_BIT(RIGHT_ACT));
    assert_int_equal(world_send(world, "tinh", OP_KEY_SET, &set), COORD_E_BAD_VALUE);
    MSG_SET(&set, key_set, even_last, true);
    assert_int_equal(world_send(world, "tinh", OP_KEY_SET, &set), 0);
    assert_int_equal(world_send(world, "tinh", OP_STATUS, NULL), COORD_E_RIGHT_MISSING);
    world_free(world);
}

static int end_tinh(struct world *world, int64_t until, bool even_last)
{
    struct msg_agency_set set = agency_set("tinh", NULL);
    MSG_SET(&set.agency, agency, valid_until, until);
    if (even_last)
        MSG_SET(&set, agency_set, even_last, true);
    return world_send(world, "tinh", OP_AGENCY_SET, &set);
}

/* Its successor has keys of its own, and no right of its. */
TEST(the_agency_of_the_last_key_that_administers_ends_only_by_who_says_so)
{
    struct world *world = world_new();
    struct msg_agency_set set = agency_set("tinh", NULL);
    assert_int_equal(end_tinh(world, world->now, false), COORD_E_BAD_VALUE);
    assert_true(text_equal(world->refusal.field, TEXT("agency.valid_until")));
    assert_int_equal(end_tinh(world, world->now + 40 * WORLD_DAY, false), COORD_E_BAD_VALUE);
    MSG_SET(&set.agency, agency, valid_until, world->now);
    MSG_SET(&set.agency, agency, successor, TEXT("huyen"));
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), COORD_E_BAD_VALUE);
    set = agency_set("tinh", NULL);
    MSG_SET(&set.agency, agency, valid_from, world->now + WORLD_DAY);
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), COORD_E_BAD_VALUE);
    assert_true(text_equal(world->refusal.field, TEXT("agency.valid_from")));
    /* Whoever said so once may change the rest of it, and bring the end no nearer. */
    assert_int_equal(end_tinh(world, world->now + 40 * WORLD_DAY, true), 0);
    set = agency_set("tinh", NULL);
    MSG_SET(&set.agency, agency, valid_until, world->now + 40 * WORLD_DAY);
    MSG_SET(&set.agency, agency, name_en, TEXT("Province"));
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    assert_int_equal(end_tinh(world, world->now + 50 * WORLD_DAY, false), 0);
    assert_int_equal(end_tinh(world, world->now + 30 * WORLD_DAY, false), COORD_E_BAD_VALUE);
    assert_int_equal(end_tinh(world, world->now, true), 0);
    assert_int_equal(world_send(world, "tinh", OP_HELLO, NULL), COORD_E_AGENCY_CLOSED);
    world_free(world);
}

TEST(an_agency_that_administers_ends_as_any_other_when_another_does)
{
    struct world *world = world_new();
    struct msg_key_set key = key_set("huyen", world_key("second"), TERM_BIT(RIGHT_ADMINISTER));
    assert_int_equal(world_send(world, "tinh", OP_KEY_SET, &key), 0);
    assert_int_equal(end_tinh(world, world->now, false), 0);
    world_free(world);
}
