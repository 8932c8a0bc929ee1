/* One that follows: it looks at the head whenever it is told of an append, and now and then besides, for what it was not told of: a beat, a
 * leader that is silent, a notification that was lost with its connection. */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "journal/postgres.h"

/* A leader moves the head once a second. When nobody did for so long, it may be leading at another server, which has become the primary
 * without this one's knowing: what is seen here says nothing of now. One beat may be late. */
#define STALE_MS (2 * POSTGRES_BEAT_MS)

/* ---- beginning ---- */

static int listen_again(struct postgres *postgres)
{
    char sql[160], quoted[140];
    int result = postgres_connect_again(postgres);
    if (result != JOURNAL_OK || postgres->listens)
        return result;
    snprintf(sql, sizeof sql, "LISTEN %s", postgres_quote(postgres, postgres->channel, quoted));
    result = postgres_run(postgres, sql);
    postgres->listens = result == JOURNAL_OK;
    return result;
}

/* What is restored is of one moment; who follows then asks for what came after it. */
int postgres_open_to_follow(struct postgres *postgres, struct problem *problem)
{
    int result = postgres_await_schema(postgres, problem);
    postgres->has_endpoints = true;
    if (result == JOURNAL_OK)
        result = listen_again(postgres);
    if (result == JOURNAL_OK)
        result = postgres_begin_moment(postgres);
    if (result == JOURNAL_OK)
        result = postgres_look(postgres, &postgres->restored);
    postgres->restored_stands = result == JOURNAL_OK && !postgres->restored.leader[0]; /* given up in good order */
    return result;
}

static int end_moment(struct postgres *postgres)
{
    if (!postgres->moment)
        return JOURNAL_OK;
    postgres->moment = false;
    const int result = postgres->connection ? postgres_run(postgres, "COMMIT") : JOURNAL_OK;
    return result == POSTGRES_LOST ? JOURNAL_OK : result; /* the next look finds out */
}

/* ---- a look ---- */

/* A head that was moved on under the same epoch was so by its leader, after what was there before had been acknowledged to it. Of a claim that
 * was lost with its server the epoch comes again: so it must be the same leader's. */
static void note_safe(struct postgres *postgres, const struct postgres_sight *sight, struct keeper_look *look)
{
    const struct lease_sight *before = &postgres->lease.seen, *now = &sight->lease;
    const uint8_t *identity = postgres->journal.info.identity;
    if (look->safe == 0)
        look->safe = mark_read(postgres->mark, identity);
    if (now->epoch != before->epoch || strcmp(sight->leader, look->lead.leader) != 0)
        return;
    if (now->beat <= before->beat || before->seq <= look->safe)
        return;
    look->safe = before->seq;
    mark_write(postgres->mark, identity, look->safe);
}

/* A commit may be seen that was never acknowledged, and lost with its server. Of a record that shows by the chain; of rows by nothing, and who
 * was restored from them would not write them again in its next checkpoint. */
int postgres_check_restored(struct postgres *postgres, const struct journal_head *now)
{
    const struct journal_head *restored = &postgres->restored.head;
    if (postgres->restored_stands || (now->checkpoint == restored->checkpoint && now->row_sum == restored->row_sum))
        return JOURNAL_OK;
    return journal_fail(&postgres->journal, JOURNAL_GAVE_WAY,
                        "the rows of checkpoint %llu, with which this began, may never have been acknowledged, and be "
                        "gone: what was made of them must be made anew",
                        (unsigned long long)restored->checkpoint);
}

/* Whoever leads moves the head on when what it appended was acknowledged; after a lost connection it claims anew, and what is gone it appends
 * again first. Of another leader it is not known what it found. */
static int note_restored(struct postgres *postgres, const struct postgres_sight *now)
{
    struct postgres_sight *restored = &postgres->restored;
    int result = JOURNAL_OK;
    if (now->lease.epoch == restored->lease.epoch) {
        const bool is_past = now->lease.beat > restored->lease.beat + 1 || !now->leader[0];
        postgres->restored_stands = postgres->restored_stands || is_past;
        return JOURNAL_OK;
    }
    if (strcmp(now->leader, restored->leader) != 0)
        result = postgres_check_restored(postgres, &now->head);
    if (result == JOURNAL_OK) {
        restored->lease = now->lease;
        memcpy(restored->leader, now->leader, sizeof restored->leader);
    }
    return result;
}

static void note_lead(struct postgres *postgres, const struct postgres_sight *sight, struct keeper_look *look)
{
    struct journal_lead *lead = &look->lead;
    const int64_t fresh_ms = postgres->lease.since_ms + STALE_MS;
    lead->epoch = sight->lease.epoch;
    lead->seq = sight->lease.seq;
    lead->safe = look->safe;
    lead->asked_ms = postgres->looked_ms < fresh_ms ? postgres->looked_ms : fresh_ms;
    memcpy(lead->leader, sight->leader, sizeof lead->leader);
    memcpy(lead->endpoint, sight->endpoint, sizeof lead->endpoint);
    lead->free = postgres->lease.state == LEASE_OFFERED;
    lead->reached = true;
}

static void drop_notifications(struct postgres *postgres)
{
    PGnotify *notification;
    while (postgres->connection && (notification = PQnotifies(postgres->connection))) {
        postgres->notified = true;
        PQfreemem(notification);
    }
}

static int look_once(struct postgres *postgres, struct keeper_look *look)
{
    struct postgres_sight sight;
    int result = listen_again(postgres);
    drop_notifications(postgres);
    postgres->notified = false;
    postgres->looked_ms = postgres_now_ms();
    if (result == JOURNAL_OK)
        result = postgres_look(postgres, &sight);
    if (result == POSTGRES_LOST) {
        look->lead.reached = look->lead.free = false;
        journal_note_trouble(&postgres->journal, postgres->lost);
        return journal_fail(&postgres->journal, JOURNAL_OK, "PostgreSQL cannot be reached: %s", postgres->lost);
    }
    if (result != JOURNAL_OK)
        return result;
    postgres_well(postgres);
    journal_note_trouble(&postgres->journal, "");
    note_safe(postgres, &sight, look);
    lease_move(&postgres->lease, lease_judge(&postgres->lease, &sight.lease, postgres->looked_ms, postgres_now_ms()));
    look->head = sight.head;
    note_lead(postgres, &sight, look);
    return note_restored(postgres, &sight);
}

/* ---- between looks ---- */

/* When the head is to be looked at again, if nothing is told before. */
static int64_t next_look_ms(const struct postgres *postgres)
{
    const int64_t next = postgres->looked_ms + (postgres->connection ? POSTGRES_POLL_MS : POSTGRES_LOOK_MS);
    const int64_t ends = lease_ends_ms(&postgres->lease);
    return postgres->lease.sees && ends > postgres->looked_ms && ends < next ? ends : next;
}

static bool take_poke(struct postgres *postgres)
{
    uint64_t pokes;
    return read(postgres->poke, &pokes, sizeof pokes) == sizeof pokes;
}

static void take_what_came(struct postgres *postgres)
{
    if (!PQconsumeInput(postgres->connection))
        postgres_disconnect(postgres, PQerrorMessage(postgres->connection));
    drop_notifications(postgres);
}

/* Until the head is to be looked at again; false when it is not: it was poked, or waited for long enough. */
static bool rest(struct postgres *postgres, int64_t until)
{
    drop_notifications(postgres); /* that came beside an answer */
    for (;;) {
        const int64_t now = postgres_now_ms(), next = next_look_ms(postgres);
        struct pollfd polled[2] = {{postgres->poke, POLLIN, 0},
                                   {postgres->connection ? PQsocket(postgres->connection) : -1, POLLIN, 0}};
        if (postgres->notified || now >= next) /* first: who is poked all the time looks now and then too */
            return true;
        if (take_poke(postgres) || now >= until)
            return false;
        if (poll(polled, 2, (int)((until < next ? until : next) - now)) > 0 && polled[1].revents)
            take_what_came(postgres);
    }
}

int postgres_watch(struct journal *journal, uint64_t after, int wait_ms, struct keeper_look *look)
{
    struct postgres *postgres = postgres_of(journal);
    const struct journal_lead before = look->lead;
    const int64_t until = postgres_now_ms() + wait_ms;
    if (!lease_follows(&postgres->lease))
        return journal_fail(journal, JOURNAL_FAILED, "it leads, and follows nobody");
    int result = end_moment(postgres);
    /* What was seen last may have had more than was asked for, and that it has not changed would have been told. */
    bool due = wait_ms <= 0 || !postgres->listens;
    while (result == JOURNAL_OK) {
        if (due)
            result = look_once(postgres, look);
        if (result != JOURNAL_OK || keeper_news(look, &before, after))
            break;
        due = rest(postgres, until);
        if (!due)
            break;
    }
    return result;
}

void postgres_poke(struct journal *journal)
{
    const uint64_t one = 1;
    (void)!write(postgres_of(journal)->poke, &one, sizeof one);
}
