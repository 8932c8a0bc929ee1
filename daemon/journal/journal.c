/* See journal.h: the doors to every keeper, opening and writing; reading.c reads. */
#include "journal/journal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "journal/keeper.h"

#define AGAIN_NS 100000000 /* between two tries to open what is waited for */

static const struct journal_keeper *const keepers[JOURNAL_KEEPER_COUNT] = {
#define K(name, keeper, sentence) [JOURNAL_##name] = &keeper_##keeper,
    JOURNAL_KEEPERS(K)
#undef K
};

int journal_fail(struct journal *journal, int result, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(journal->failure, sizeof journal->failure, format, arguments);
    va_end(arguments);
    return result;
}

/* Short enough to stand whole behind the place in a problem. */
int journal_fail_back(struct journal *journal, uint64_t ends, uint64_t seen, const char *how)
{
    return journal_fail(journal, JOURNAL_DAMAGED,
                        "the database went back: it ends at record %llu, and record %llu %s: man coordd-cluster, "
                        "FAILURES",
                        (unsigned long long)ends, (unsigned long long)seen, how);
}

/* ---- opening ---- */

/* A new store: what describes it, and a head before the first record. */
static int found(struct journal *journal, const struct journal_options *options)
{
    const struct journal_keeper *keeper = journal->keeper;
    struct journal_info info = {.rehearsal = options->rehearsal, .rehearse_from_ms = options->rehearse_from_ms};
    struct journal_head head = {0};
    memcpy(info.identity, options->identity, sizeof info.identity);
    chain_begin(info.identity, head.hash);
    head.sum = chain_head_sum(&head);
    int result = keeper->begin(journal);
    if (result == JOURNAL_OK)
        result = keeper->put_info(journal, &info, chain_info_sum(&info));
    return result == JOURNAL_OK ? keeper->commit(journal, &head) : result;
}

static int take_info(struct journal *journal)
{
    uint64_t sum = 0;
    const int result = journal->keeper->info(journal, &sum);
    if (result == JOURNAL_OK && sum != chain_info_sum(&journal->info))
        return journal_fail(journal, JOURNAL_DAMAGED, "what describes the store is damaged");
    return result;
}

static int take_head(struct journal *journal)
{
    struct journal_head *head = &journal->head;
    uint64_t newest = 0;
    const int result = journal->keeper->head(journal, head, &newest);
    if (result != JOURNAL_OK)
        return result;
    if (head->sum != chain_head_sum(head))
        return journal_fail(journal, JOURNAL_DAMAGED, "the head is damaged");
    journal->info.last_seq = head->seq;
    journal->info.checkpoint = head->checkpoint;
    if (newest < head->seq)
        return journal_fail(journal, JOURNAL_DAMAGED, "record %llu is missing, and all after it",
                            (unsigned long long)newest + 1);
    if (newest > head->seq)
        return journal_fail(journal, JOURNAL_DAMAGED, "record %llu is past the end that the head names",
                            (unsigned long long)newest);
    return JOURNAL_OK;
}

/* The newest record must be the one that the head was written with: what comes after it will hang on that. */
int journal_check_newest(struct journal *journal)
{
    uint8_t hash[CHAIN_HASH_SIZE];
    const int result = journal_hash(journal, journal->head.seq, hash);
    if (result == JOURNAL_OK && memcmp(hash, journal->head.hash, sizeof hash) != 0)
        return journal_fail(journal, JOURNAL_DAMAGED, "record %llu is not the one that the head names",
                            (unsigned long long)journal->head.seq);
    return result;
}

static int check_witness(struct journal *journal)
{
    const uint64_t seen = journal->keeper->witness ? journal->keeper->witness(journal) : 0;
    if (seen > journal->head.seq && journal->keeper->watch) /* a database, of which others know too */
        return journal_fail_back(journal, journal->head.seq, seen, "was there");
    if (seen > journal->head.seq)
        return journal_fail(
            journal, JOURNAL_DAMAGED,
            "it ends at record %llu, and record %llu was there: restore a backup, or remove %s to go on "
            "without them",
            (unsigned long long)journal->head.seq, (unsigned long long)seen, journal->keeper->witness_file);
    return JOURNAL_OK;
}

static int open_all(struct journal *journal, const struct journal_options *options)
{
    static int (*const steps[])(struct journal *) = {take_info, take_head, journal_check_newest, check_witness};
    int result = options->create ? found(journal, options) : JOURNAL_OK;
    for (size_t i = 0; i < sizeof steps / sizeof *steps && result == JOURNAL_OK; i++)
        result = steps[i](journal);
    if (result != JOURNAL_OK || options->look || !journal->keeper->settle)
        return result;
    return journal->keeper->settle(journal);
}

/* *lost: it may succeed when it is tried again. */
static int open_once(struct journal **journal, const struct journal_options *options, struct problem *problem,
                     bool *lost)
{
    const struct journal_keeper *keeper = keepers[options->keeper];
    struct journal *opened;
    *problem = (struct problem){0};
    int result = keeper->open(&opened, options, problem);
    opened->keeper = keeper;
    pthread_mutex_init(&opened->trouble_mutex, NULL);
    if (result == JOURNAL_OK)
        result = open_all(opened, options);
    *lost = opened->lost;
    if (result == JOURNAL_OK) {
        (void)journal_reserve(opened, true); /* without room now, the loop takes it when there is some */
        *journal = opened;
        return JOURNAL_OK;
    }
    if (problem->error == 0)
        problem_set(problem, COORD_E_SYSTEM, "", "%.90s: %.150s", opened->place, opened->failure);
    journal_close(opened);
    return result;
}

int journal_open(struct journal **journal, const struct journal_options *options, struct problem *problem)
{
    struct journal_wait *wait = options->wait;
    bool lost;
    int result;
    *journal = NULL;
    if (options->follow && !keepers[options->keeper]->watch) {
        *problem = (struct problem){0};
        problem_set(problem, COORD_E_SYSTEM, "role",
                    "a store of this kind has one broker: nobody can follow it; set "
                    "`store` to postgresql, or `role` to alone");
        return JOURNAL_FAILED;
    }
    while ((result = open_once(journal, options, problem, &lost)) != JOURNAL_OK && wait) {
        if (atomic_load(&wait->ended))
            return JOURNAL_ENDED;
        if (!lost)
            return result;
        nanosleep(&(struct timespec){.tv_nsec = AGAIN_NS}, NULL);
    }
    return result;
}

void journal_close(struct journal *journal)
{
    if (!journal)
        return;
    journal_backup_end(journal);
    pthread_mutex_destroy(&journal->trouble_mutex);
    journal->keeper->close(journal);
}

void journal_info(const struct journal *journal, struct journal_info *info)
{
    *info = journal->info;
}

const char *journal_failure(const struct journal *journal)
{
    return journal->failure;
}

bool journal_recovered(struct journal *journal, char cause[JOURNAL_CAUSE])
{
    if (!journal->recovered[0])
        return false;
    memcpy(cause, journal->recovered, sizeof journal->recovered);
    journal->recovered[0] = '\0';
    return true;
}

void journal_note_trouble(struct journal *journal, const char *why)
{
    pthread_mutex_lock(&journal->trouble_mutex);
    snprintf(journal->trouble, sizeof journal->trouble, "%.*s", (int)sizeof journal->trouble - 1, why);
    pthread_mutex_unlock(&journal->trouble_mutex);
}

bool journal_trouble(struct journal *journal, char cause[JOURNAL_CAUSE])
{
    pthread_mutex_lock(&journal->trouble_mutex);
    memcpy(cause, journal->trouble, sizeof journal->trouble);
    pthread_mutex_unlock(&journal->trouble_mutex);
    return cause[0] != '\0';
}

/* ---- writing ---- */

static bool in_sequence(const struct journal *journal, const struct journal_batch *batch)
{
    for (size_t i = 0; i < batch->record_count; i++)
        if (batch->records[i].seq != journal->head.seq + 1 + i)
            return false;
    return true;
}

static int put_row(struct journal *journal, const struct journal_row *row, struct journal_head *head)
{
    const uint64_t sum = chain_row_sum(row);
    uint64_t before = 0;
    const int result = journal->keeper->row_sum(journal, row->key, &before);
    head->row_sum += sum - before;
    return result == JOURNAL_OK ? journal->keeper->put_row(journal, row, sum) : result;
}

/* The head becomes that of the journal with the batch. */
static int put_batch(struct journal *journal, const struct journal_batch *batch, struct journal_head *head)
{
    const struct journal_keeper *keeper = journal->keeper;
    int result = keeper->begin(journal);
    for (size_t i = 0; i < batch->record_count && result == JOURNAL_OK; i++) {
        chain_next(head->hash, &batch->records[i], head->hash);
        result = keeper->put_record(journal, &batch->records[i], head->hash);
    }
    if (keeper->foresee && batch->row_count > 0 && result == JOURNAL_OK)
        result = keeper->foresee(journal, batch->rows, batch->row_count);
    for (size_t i = 0; i < batch->row_count && result == JOURNAL_OK; i++)
        result = put_row(journal, &batch->rows[i], head);
    head->seq += batch->record_count;
    if (batch->checkpoint > 0)
        head->checkpoint = batch->checkpoint;
    head->sum = chain_head_sum(head);
    return result == JOURNAL_OK ? keeper->commit(journal, head) : result;
}

int journal_append(struct journal *journal, const struct journal_batch *batch)
{
    struct journal_head head = journal->head;
    if (!in_sequence(journal, batch))
        return journal_fail(journal, JOURNAL_SEQUENCE,
                            "the journal ends at record %llu, and the batch does not go on there",
                            (unsigned long long)journal->head.seq);
    const int result = put_batch(journal, batch, &head);
    if (result != JOURNAL_OK)
        return journal->keeper->rollback(journal) == JOURNAL_OK ? result : JOURNAL_FAILED;
    journal->head = head;
    journal->info.last_seq = head.seq;
    journal->info.checkpoint = head.checkpoint;
    return JOURNAL_OK;
}

bool journal_write_back_due(const struct journal *journal)
{
    return journal->write_back_due;
}

int journal_write_back(struct journal *journal)
{
    if (!journal->write_back_due)
        return JOURNAL_OK;
    journal->write_back_due = false;
    return journal->keeper->write_back(journal);
}

int journal_reserve(struct journal *journal, bool keep)
{
    return journal->keeper->reserve ? journal->keeper->reserve(journal, keep) : JOURNAL_OK;
}

int journal_rename(struct journal *journal, const char *name)
{
    if (journal->keeper->rename)
        return journal->keeper->rename(journal, name);
    return journal_fail(journal, JOURNAL_FAILED, "%s has no other name", journal->place);
}

bool journal_beats(const struct journal *journal)
{
    return journal->keeper->beat != NULL;
}

uint64_t journal_epoch(const struct journal *journal)
{
    return journal->keeper->epoch ? journal->keeper->epoch(journal) : 0;
}

int journal_beat(struct journal *journal)
{
    return journal->keeper->beat ? journal->keeper->beat(journal) : JOURNAL_OK;
}

bool journal_equal(const struct journal *a, const struct journal *b)
{
    return memcmp(a->info.identity, b->info.identity, sizeof a->info.identity) == 0 &&
           a->info.rehearsal == b->info.rehearsal && a->info.rehearse_from_ms == b->info.rehearse_from_ms &&
           a->head.seq == b->head.seq && a->head.sum == b->head.sum &&
           memcmp(a->head.hash, b->head.hash, sizeof a->head.hash) == 0;
}

/* ---- copies ---- */

static int makes_no_copies(struct journal *journal)
{
    return journal_fail(journal, JOURNAL_FAILED, "a journal in %s makes no copies of itself", journal->place);
}

int journal_backup_begin(struct journal *journal, const char *path)
{
    return journal->keeper->backup_begin ? journal->keeper->backup_begin(journal, path) : makes_no_copies(journal);
}

int journal_backup_step(struct journal *journal, int pages, bool *done)
{
    return journal->keeper->backup_step ? journal->keeper->backup_step(journal, pages, done) : makes_no_copies(journal);
}

uint64_t journal_backup_seq(const struct journal *journal)
{
    return journal->keeper->backup_seq ? journal->keeper->backup_seq(journal) : 0;
}

void journal_backup_end(struct journal *journal)
{
    if (journal->keeper->backup_end)
        journal->keeper->backup_end(journal);
}
