/* Durable consumers' places, which whoever serves them puts, and who leads reads: a table of its own, as long as there are consumers (each
 * agency has so many at most: core.h), and until who leads has them among its rows: so it is small enough to be looked through for what has
 * changed. */
#include <string.h>

#include "journal/postgres.h"

static int put_once(struct postgres *postgres, const struct postgres_values *values)
{
    PGresult *put = NULL;
    int result = postgres->left_places ? postgres_end_own(postgres) : JOURNAL_OK;
    postgres->left_places = postgres->left_places && result != JOURNAL_OK;
    if (result == JOURNAL_OK)
        result = postgres_ask_prepared(postgres, POSTGRES_PLACES_PUT, values, &put);
    postgres->left_places = postgres->left_places || result == POSTGRES_LOST;
    PQclear(put);
    return result;
}

/* One statement, so that a commit is waited for once. It may be done twice. A commit that was waited for in vain, of a standby that is away, is
 * left to its session, which waits on; before the next attempt it is ended, so that they do not come to be many. */
int postgres_places_put(struct journal *journal, const struct journal_place *places, size_t count)
{
    struct postgres *postgres = postgres_of(journal);
    struct postgres_values values = {0};
    struct buffer columns[5] = {0};
    int result;
    for (int i = 0; i < 5; i++)
        postgres_array(&columns[i], i == 1 ? POSTGRES_TEXT : POSTGRES_INT8, count);
    for (size_t i = 0; i < count; i++) {
        postgres_array_number(&columns[0], places[i].agency);
        postgres_array_bytes(&columns[1], places[i].consumer, strlen(places[i].consumer));
        postgres_array_number(&columns[2], places[i].key);
        postgres_array_number(&columns[3], places[i].seq);
        postgres_array_number(&columns[4], places[i].made);
    }
    for (int i = 0; i < 5; i++)
        postgres_bytes(&values, columns[i].data, columns[i].size);
    while ((result = put_once(postgres, &values)) == POSTGRES_LOST) {
        result = postgres_recover_same(postgres);
        if (result != JOURNAL_OK)
            break;
    }
    if (result == JOURNAL_OK)
        postgres_well(postgres);
    for (int i = 0; i < 5; i++)
        buffer_done(&columns[i]);
    return result;
}

/* A transaction has its number before others can see what it does. So the mark is the oldest that was still under way: what had a number
 * below was seen then, and what is at it or above may be new. Another server may give numbers again that this one had given, so what is
 * read first on a connection is all. */
int postgres_places(struct journal *journal, uint64_t *mark, journal_place_visitor *visit, void *context)
{
    struct postgres *postgres = postgres_of(journal);
    PGresult *read = NULL;
    int result, stopped = 0;
    uint64_t since, connections;
    do {
        struct postgres_values values = {0};
        PQclear(read);
        connections = postgres->connections;
        since = *mark == postgres->places_mark ? *mark : 0;
        postgres_number(&values, since);
        result = postgres_ask_known(postgres, POSTGRES_PLACES, &values, &read);
    } while (result == JOURNAL_OK && since > 0 && connections != postgres->connections);
    if (result != JOURNAL_OK)
        return result;
    const int count = PQntuples(read);
    for (int i = 0; i < count && stopped == 0; i++) {
        const struct journal_place place = {.agency = (uint32_t)postgres_field(read, i, 0),
                                            .key = (uint32_t)postgres_field(read, i, 1),
                                            .consumer = PQgetvalue(read, i, 2),
                                            .seq = postgres_field(read, i, 3),
                                            .made = postgres_field(read, i, 4) != 0};
        stopped = visit(context, &place);
    }
    if (count > 0 && stopped == 0)
        *mark = postgres->places_mark = postgres_field(read, 0, 5);
    PQclear(read);
    return stopped;
}

/* A mark of another connection may say nothing of this server: what was put before is read again, and forgotten after that. */
int postgres_places_forget(struct journal *journal, uint64_t mark)
{
    struct postgres *postgres = postgres_of(journal);
    struct postgres_values values = {0};
    PGresult *forgotten;
    if (mark == 0 || mark != postgres->places_mark)
        return JOURNAL_OK;
    postgres_number(&values, mark);
    const int result = postgres_ask_prepared(postgres, POSTGRES_PLACES_FORGET, &values, &forgotten);
    PQclear(forgotten);
    return result == POSTGRES_LOST ? JOURNAL_OK : result;
}
