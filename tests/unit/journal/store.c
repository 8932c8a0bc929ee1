#include "unit/journal/store.h"

#include <dirent.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "unit/journal/server.h"
#include "unit/test.h"

#define BODY_MAX (UINT64_C(1) << 20)

static const uint8_t identity[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

/* ---- what is written ---- */

static void fill(uint8_t *bytes, size_t size, uint64_t seed)
{
    for (size_t i = 0; i < size; i++) {
        seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        bytes[i] = (uint8_t)(seed >> 56);
    }
}

struct journal_record test_store_record(const struct test_store *store, uint64_t seq)
{
    static uint8_t body[BODY_MAX];
    struct journal_record record = {.seq = seq, .task = seq % STORE_TASKS, .body = body};
    if (record.task > 0 && seq > STORE_TASKS)
        record.previous = seq - STORE_TASKS;
    record.size = (uint32_t)(store->body_size ? store->body_size : 20 + seq * 37 % 300);
    fill(body, record.size, seq);
    return record;
}

static struct journal_row make_row(uint64_t number, uint64_t version)
{
    static uint8_t body[256];
    struct journal_row row = {ROW_KEY(ROW_TASK, number), version, body, (uint32_t)(10 + (number * 7 + version) % 200)};
    fill(body, row.size, number << 32 | version);
    return row;
}

static void *copy(const void *bytes, size_t size)
{
    void *own = malloc(size);
    assert_non_null(own);
    memcpy(own, bytes, size);
    return own;
}

int test_store_append(struct test_store *store, size_t record_count, size_t row_count)
{
    struct journal_record *records = calloc(record_count + 1, sizeof *records);
    struct journal_row *rows = calloc(row_count + 1, sizeof *rows);
    const uint64_t last = store->records + record_count;
    for (size_t i = 0; i < record_count; i++) {
        records[i] = test_store_record(store, store->records + 1 + i);
        records[i].body = copy(records[i].body, records[i].size);
    }
    for (size_t i = 0; i < row_count; i++) {
        rows[i] = make_row(i, last);
        rows[i].body = copy(rows[i].body, rows[i].size);
    }
    const struct journal_batch batch = {records, record_count, rows, row_count, row_count ? last : 0};
    int result = journal_append(store->journal, &batch);
    if (result == JOURNAL_OK)
        result = journal_write_back(store->journal);
    for (size_t i = 0; i < record_count; i++)
        free((void *)(uintptr_t)records[i].body);
    for (size_t i = 0; i < row_count; i++)
        free((void *)(uintptr_t)rows[i].body);
    free(records);
    free(rows);
    if (result != JOURNAL_OK)
        return result;
    store->records = last;
    for (size_t i = 0; i < row_count; i++)
        store->row_versions[i] = last;
    store->checkpoint = row_count ? last : store->checkpoint;
    return JOURNAL_OK;
}

void test_store_fill(struct test_store *store, size_t batches, size_t records, size_t rows)
{
    for (size_t i = 0; i < batches; i++)
        assert_int_equal(test_store_append(store, records, rows), JOURNAL_OK);
}

/* ---- what is read ---- */

struct reading {
    const struct test_store *store;
    uint64_t next, rows;
};

static int hold_record(void *context, const struct journal_record *record)
{
    struct reading *reading = context;
    const struct journal_record wanted = test_store_record(reading->store, reading->next++);
    assert_int_equal(record->seq, wanted.seq);
    assert_int_equal(record->task, wanted.task);
    assert_int_equal(record->previous, wanted.previous);
    assert_int_equal(record->size, wanted.size);
    assert_memory_equal(record->body, wanted.body, wanted.size);
    return 0;
}

static int hold_row(void *context, const struct journal_row *row)
{
    struct reading *reading = context;
    const uint64_t number = ROW_NUMBER(row->key);
    assert_in_range(number, 0, STORE_ROWS_MAX - 1);
    const struct journal_row wanted = make_row(number, reading->store->row_versions[number]);
    assert_true(row->key == wanted.key);
    assert_int_equal(row->seq, wanted.seq);
    assert_int_equal(row->size, wanted.size);
    assert_memory_equal(row->body, wanted.body, wanted.size);
    reading->rows++;
    return 0;
}

int test_store_read_records(struct test_store *store)
{
    struct reading reading = {.store = store, .next = 1};
    const int result = journal_read(store->journal, 1, SIZE_MAX, hold_record, &reading);
    if (result == JOURNAL_OK)
        assert_int_equal(reading.next, store->records + 1);
    return result;
}

int test_store_read_rows(struct test_store *store)
{
    struct reading reading = {.store = store};
    uint64_t put = 0;
    for (size_t i = 0; i < STORE_ROWS_MAX; i++)
        put += store->row_versions[i] > 0;
    const int result = journal_rows(store->journal, hold_row, &reading);
    if (result == JOURNAL_OK)
        assert_int_equal(reading.rows, put);
    return result;
}

int test_store_read(struct test_store *store)
{
    struct journal_info info;
    journal_info(store->journal, &info);
    assert_memory_equal(info.identity, identity, sizeof identity);
    assert_int_equal(info.last_seq, store->records);
    assert_int_equal(info.checkpoint, store->checkpoint);
    assert_true(info.rehearsal);
    assert_int_equal(info.rehearse_from_ms, 1717376400000);
    const int result = test_store_read_records(store);
    return result == JOURNAL_OK ? test_store_read_rows(store) : result;
}

int test_store_verify(struct test_store *store)
{
    store->problem = (struct problem){0};
    return journal_verify(store->journal, NULL, NULL, &store->problem);
}

/* ---- opening ---- */

void test_store_init(struct test_store *store)
{
    const char *parent = getenv("TMPDIR");
    *store = (struct test_store){.memory = journal_memory_new()};
    snprintf(store->directory, sizeof store->directory, "%s/coordd-journal-XXXXXX", parent ? parent : "/tmp");
    assert_non_null(mkdtemp(store->directory));
    snprintf(store->file, sizeof store->file, "%s/" JOURNAL_FILE, store->directory);
}

static int open_store(struct test_store *store, bool create)
{
    struct journal_options options = {
        .keeper = store->keeper,
        .memory = store->memory,
        .server = &store->server,
        .directory = store->directory,
        .create = create,
        .wal_pages = store->wal_pages,
    };
    assert_null(store->journal);
    if (store->keeper == JOURNAL_POSTGRES)
        test_server_give(&store->server, store->schema);
    if (create) {
        memcpy(options.identity, identity, sizeof identity);
        options.rehearsal = true;
        options.rehearse_from_ms = 1717376400000;
    }
    return journal_open(&store->journal, &options, &store->problem);
}

int test_store_make(struct test_store *store)
{
    return open_store(store, true);
}

void test_store_create(struct test_store *store)
{
    if (test_store_make(store) != JOURNAL_OK)
        fail_msg("%s", store->problem.message);
}

int test_store_open(struct test_store *store)
{
    return open_store(store, false);
}

void test_store_close(struct test_store *store)
{
    journal_close(store->journal);
    store->journal = NULL;
}

void test_store_done(struct test_store *store)
{
    char path[600];
    const struct dirent *entry;
    test_store_close(store);
    if (store->schema[0])
        test_server_drop(store->schema);
    journal_memory_free(store->memory);
    DIR *directory = opendir(store->directory);
    while (directory && (entry = readdir(directory))) {
        snprintf(path, sizeof path, "%s/%s", store->directory, entry->d_name);
        unlink(path);
    }
    closedir(directory);
    assert_int_equal(rmdir(store->directory), 0);
}

/* ---- damage ---- */

static sqlite3 *open_file(const struct test_store *store)
{
    sqlite3 *db;
    assert_null(store->journal);
    assert_int_equal(sqlite3_open(store->file, &db), SQLITE_OK);
    return db;
}

void test_store_sql(const struct test_store *store, const char *sql)
{
    sqlite3 *db = open_file(store);
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    sqlite3_close(db);
}

void test_store_flip(const struct test_store *store, const char *table, const char *column, uint64_t row, int byte)
{
    uint8_t value;
    sqlite3_blob *blob;
    sqlite3 *db = open_file(store);
    assert_int_equal(sqlite3_blob_open(db, "main", table, column, (sqlite3_int64)row, 1, &blob), SQLITE_OK);
    assert_int_equal(sqlite3_blob_read(blob, &value, 1, byte), SQLITE_OK);
    value ^= 1;
    assert_int_equal(sqlite3_blob_write(blob, &value, 1, byte), SQLITE_OK);
    sqlite3_blob_close(blob);
    sqlite3_close(db);
}
