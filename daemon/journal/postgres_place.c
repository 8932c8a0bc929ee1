/* Durable consumers' places, which whoever serves them puts, and who leads reads: a table of its own, as long as there are consumers (each
 * agency has so many at most: core.h), so that it is small enough to be looked through for what has changed. */
#include <string.h>

#include "journal/postgres.h"

int postgres_place_put(struct journal *journal, uint32_t agency, uint32_t key, const char *consumer, uint64_t seq)
{
    struct postgres_values values = {0};
    PGresult *put;
    postgres_number(&values, agency);
    postgres_bytes(&values, consumer, strlen(consumer));
    postgres_number(&values, key);
    postgres_number(&values, seq);
    const int result = postgres_ask_known(postgres_of(journal), POSTGRES_PLACE_PUT, &values, &put);
    PQclear(put);
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
    for (int i = 0; i < count && stopped == 0; i++)
        stopped = visit(context, (uint32_t)postgres_field(read, i, 0), (uint32_t)postgres_field(read, i, 1),
                        PQgetvalue(read, i, 2), postgres_field(read, i, 3));
    if (count > 0 && stopped == 0)
        *mark = postgres->places_mark = postgres_field(read, 0, 4);
    PQclear(read);
    return stopped;
}
