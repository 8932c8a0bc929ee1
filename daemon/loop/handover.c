/* What the loop hands over to the journal, errand by errand: requests are stepped into `current`; when nothing is under
 * way, `current` is handed over and becomes `writing`; when it is on disk its effects leave, and it is the next
 * `current`. A batch that needs no disk leaves at once, unless one that does is before it.
 *
 * A full disk is no failure: the batch at hand is tried again, with the reserve and then each second, and none after it
 * is taken in. Anything else that goes wrong in the journal is fatal, and nothing of that batch is answered.
 */
#include <assert.h>
#include <stdio.h>

#include "base/log.h"
#include "loop/state.h"

#define COMMIT_SLOW_US 1000000
/* An append shows those who follow that the one before was acknowledged. When none comes for so long, a sign of life shows it: what they
 * may tell waits for that. */
#define CONFIRM_NS 20000000

/* The batch at hand becomes the one that is on its way, and the other is filled. */
static struct batch *handover_swap(struct broker *broker)
{
    struct batch *full = broker->current;
    broker->current = full == &broker->batches[0] ? &broker->batches[1] : &broker->batches[0];
    return full;
}

/* Where others wait for the lead, one of them has it once nothing was heard of this one for a lease: it was cut off, or did not run. Then
 * nothing leaves before its next sign of life has been taken; nor does it after a start, for that may have taken longer. */
static bool handover_leads(const struct broker *broker)
{
    const bool is_watched = broker->options->waits && role_appends(broker->follow.role);
    const uint64_t lease_ns = is_watched ? broker->options->config->journal_lease_seconds * 1000000000U : 0;
    return lease_ns == 0 || (broker->led_ns > 0 && clock_monotonic_ns(&broker->clock) - broker->led_ns < lease_ns);
}

static void handover_release_unwritten(struct broker *broker)
{
    if (!handover_leads(broker)) {
        broker->beat_due = true;
        return;
    }
    batch_count(broker->current);
    while (!broker->writing && broker->current->effects.count > 0 && !batch_needs_disk(broker->current)) {
        reply_release(broker, handover_swap(broker));
        batch_count(broker->current);
    }
}

static bool handover_has_read_of(const struct errand *errand, const struct account *account)
{
    bool has = false;
    for (unsigned i = 0; i < errand->read_count; i++)
        has = has || errand->reads[i]->account == account;
    return has;
}

/* One for each agency whose turn it is, so that a commit never waits for what one of them asks. */
static void handover_fill_reads(struct broker *broker, struct errand *errand)
{
    struct accounts *accounts = &broker->peers.accounts;
    /* Of a store that is not reached they wait; but not for ever, when the broker is to stop. */
    if (role_follows(broker->follow.role) && !broker->follow.lead.reached) {
        while (broker->phase != PHASE_SERVING && accounts->reads)
            reply_unreadable(broker, accounts_next_read(accounts), COORD_E_STOPPING, "");
        return;
    }
    while (errand->read_count < ERRAND_READS && accounts->reads && !handover_has_read_of(errand, accounts->reads)) {
        struct read *read = accounts_next_read(accounts);
        if (!reply_unread(broker, read))
            errand->reads[errand->read_count++] = read;
    }
}

static void handover_seal(struct broker *broker)
{
    struct core_counts counts;
    core_counts(broker->core, &counts);
    streams_seal(&broker->streams, look_trusted_ms(broker), counts.seq);
}

/* Not from a store that is not reached, nor while all that was begun is to be finished. */
static bool handover_may_page(const struct broker *broker)
{
    const enum role_state role = broker->follow.role;
    return role_follows(role) ? broker->follow.lead.reached : role != ROLE_IS_DRAINS && role != ROLE_IS_GIVES;
}

static bool confirms(const struct broker *broker)
{
    return broker->confirm_ns > 0 && clock_monotonic_ns(&broker->clock) >= broker->confirm_ns;
}

static bool handover_fill(struct broker *broker, struct errand *errand)
{
    struct read *page = handover_may_page(broker) ? streams_want_page(&broker->streams) : NULL;
    bool is_fresh = false; /* its append is a sign of life itself */
    *errand = (struct errand){0};
    if (page)
        errand->reads[errand->read_count++] = page;
    if (!broker->writing) {
        checkpoint_fill(broker, broker->current);
        if (batch_needs_disk(broker->current)) {
            handover_seal(broker);
            errand->batch = broker->writing = handover_swap(broker);
            is_fresh = true;
        }
    } else if (broker->retry) {
        errand->batch = broker->writing;
        errand->reserve = RESERVE_RELEASE;
        broker->retry = false;
    }
    if (broker->take_reserve && errand->reserve == RESERVE_AS_IT_IS) {
        errand->reserve = RESERVE_TAKE;
        broker->take_reserve = false;
    }
    handover_fill_reads(broker, errand);
    errand->backup = broker->backup;
    errand->beat = (broker->beat_due || confirms(broker)) && !is_fresh;
    broker->beat_due = false;
    if (is_fresh || errand->beat)
        broker->confirm_ns = 0;
    const bool places = placing_fill(broker, errand);
    const bool leads = follow_fill(broker, errand);
    return errand->batch || errand->read_count > 0 || errand->backup || errand->beat || leads || places ||
           errand->reserve != RESERVE_AS_IT_IS;
}

void handover_begin(struct broker *broker)
{
    handover_release_unwritten(broker);
    if (broker->under_way)
        follow_call_back(broker);
    if (broker->under_way || !handover_fill(broker, &broker->errand))
        return;
    broker->under_way = true;
    broker->errand_ns = clock_monotonic_ns(&broker->clock);
    broker->host->functions->errand(broker->host, &broker->errand);
}

static void handover_disk_full(struct broker *broker, const struct errand *errand)
{
    if (broker->disk == DISK_WRITABLE)
        log_write(LOG_LEVEL_ERROR, LOG_DISK_FULL, LOG_FIELDS("cause", errand->failure),
                  "the store's disk is full: changes are refused until there is room; reads and deadlines go on");
    /* The reserve is for this batch, and for the rungs after it. Once that is used up too, waiting is all there is. */
    broker->retry = broker->disk == DISK_WRITABLE;
    broker->disk = broker->disk == DISK_WRITABLE ? DISK_FULL : DISK_STUCK;
}

static void handover_log_slow(const struct broker *broker, const struct errand *errand)
{
    char took[24], records[24];
    snprintf(took, sizeof took, "%llu", (unsigned long long)errand->append_us / 1000);
    snprintf(records, sizeof records, "%zu", errand->batch->writes);
    (void)broker;
    log_write(LOG_LEVEL_WARNING, LOG_COMMIT_SLOW, LOG_FIELDS("took_ms", took, "records", records),
              "a commit took long: is the disk slow?");
}

/* Nothing of it was acknowledged, and the process ends. */
static void handover_failed(struct broker *broker, int result, const char *cause)
{
    static const struct {
        int result, code;
        const char *words;
    } failures[] = {
        {JOURNAL_SEQUENCE, BROKER_BUG, "the store was written by somebody else, or a batch is out of sequence"},
        {JOURNAL_DEMOTED, BROKER_NO_STORE,
         "another coordd has taken the store over: this one leads no more, and stops"},
        {JOURNAL_GAVE_WAY, BROKER_NO_STORE, "what was followed is gone: this broker is to begin anew"},
    };
    int code = BROKER_DISK;
    const char *words = "the store cannot be written";
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++)
        if (failures[i].result == result) {
            code = failures[i].code;
            words = failures[i].words;
        }
    log_write(LOG_LEVEL_ERROR, LOG_DISK_FAILED, LOG_FIELDS("cause", cause), "%s", words);
    broker_fail(broker, code);
}

void handover_appended(void *context, struct errand *errand)
{
    struct broker *broker = context;
    if (errand->result == JOURNAL_FULL) {
        handover_disk_full(broker, errand);
        return;
    }
    if (errand->result != JOURNAL_OK) {
        handover_failed(broker, errand->result, errand->failure);
        return;
    }
    if (broker->disk == DISK_STUCK)
        broker->disk = DISK_FULL;
    broker->counters.commits++;
    broker->counters.commit_us = errand->append_us;
    broker->led_ns = broker->errand_ns;
    if (broker->follow.role != ROLE_IS_ALONE && broker->beats)
        broker->confirm_ns = clock_monotonic_ns(&broker->clock) + CONFIRM_NS;
    share_committed(&broker->shares, errand->append_us);
    if (errand->append_us > COMMIT_SLOW_US)
        handover_log_slow(broker, errand);
    assert(broker->writing == errand->batch);
    broker->writing = NULL;
    reply_release(broker, errand->batch);
    errand->batch = NULL;
    if (errand->more)
        broker_settle(broker); /* the errand goes on: what can leave, leaves now */
}

/* Takes the read. */
static void handover_read_answered(struct broker *broker, struct read *read)
{
    if (!read->done) {
        account_read(&broker->peers.accounts, read->account, read);
        return;
    }
    if (read->kind != READ_PAGE) {
        account_charge(read->account, read->count * READ_COST_RECORD);
        reply_read(broker, read);
        return;
    }
    if (read->count > 0) {
        streams_take_page(&broker->streams, read);
    } else {
        log_error("the store has no record %llu, which should be there", (unsigned long long)read->from);
        broker_fail(broker, BROKER_DAMAGED);
    }
    read_free(read);
}

void handover_finished(void *context, struct errand *errand)
{
    struct broker *broker = context;
    broker->under_way = false;
    if (errand->recovered)
        log_write(LOG_LEVEL_WARNING, LOG_DISK_FAILED, LOG_FIELDS("cause", errand->cause),
                  "the store was lost, and is there again: nothing was acknowledged meanwhile");
    if (errand->beat_result != JOURNAL_OK && errand->beat_result != JOURNAL_FULL) {
        handover_failed(broker, errand->beat_result, errand->failure);
        return;
    }
    if (errand->beat)
        broker->led_ns = broker->errand_ns;
    if (errand->write_back_result != JOURNAL_OK) {
        handover_failed(broker, errand->write_back_result, errand->failure);
        return;
    }
    if (errand->read_result == JOURNAL_DEMOTED || errand->read_result == JOURNAL_GAVE_WAY) {
        handover_failed(broker, errand->read_result, errand->failure);
        return;
    }
    if (errand->read_result != JOURNAL_OK) {
        log_write(LOG_LEVEL_ERROR, LOG_DISK_FAILED, LOG_FIELDS("cause", errand->failure),
                  "the store cannot be read: coordd verify says where it is damaged");
        broker_fail(broker, errand->read_result == JOURNAL_FAILED ? BROKER_DISK : BROKER_DAMAGED);
        return;
    }
    if (errand->placing.result != JOURNAL_OK) {
        handover_failed(broker, errand->placing.result, errand->failure);
        return;
    }
    const unsigned reads = errand->read_count;
    errand->read_count = 0;
    for (unsigned i = 0; i < reads; i++)
        handover_read_answered(broker, errand->reads[i]);
    if (errand->backup && errand->backup->done)
        operator_backup_finished(broker);
    if (errand->reserve == RESERVE_TAKE && errand->reserve_result == JOURNAL_OK && broker->disk == DISK_FULL) {
        broker->disk = DISK_WRITABLE;
        log_write(LOG_LEVEL_INFO, LOG_DISK_FULL, LOG_NO_FIELDS, "there is room again: changes are accepted");
    }
    placing_finished(broker, errand);
    follow_finished(broker, errand);
    checkpoint_begin_if_due(broker, false);
    broker_settle(broker);
}
