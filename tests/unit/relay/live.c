#include "live.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "given.h"
#include "unit/test.h"

struct relay relay;
static char directory[40], path[60];

static void open_queue(struct config *config)
{
    relay_init(&relay, config, store_open(directory));
    working_days_done(&relay.days);
    given_days(&relay.days);
    snprintf(relay.broker, sizeof relay.broker, "0123456789abcdef");
}

void live_begin(const char *config)
{
    snprintf(directory, sizeof directory, "/tmp/relay-XXXXXX");
    assert_non_null(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/relay.db", directory);
    open_queue(given_right(config));
}

void live_reopen(void)
{
    struct config *config = relay.config;
    struct store *store = relay.store;
    relay_done(&relay);
    store_close(store);
    open_queue(config);
}

void live_end(void)
{
    struct config *config = relay.config;
    struct store *store = relay.store;
    relay_done(&relay);
    store_close(store);
    config_free(config);
    unlink(path);
    snprintf(path, sizeof path, "%s/relay.db-journal", directory);
    unlink(path);
    rmdir(directory);
}

void live_take(const char *json, const char *now)
{
    char text[800];
    snprintf(text, sizeof text, "{%s}", json);
    for (char *c = text; *c; c++)
        *c = *c == '\'' ? '"' : *c;
    json_t *record = given_object(text);
    store_begin(relay.store);
    relay_take(&relay, record, NULL, at(now));
    store_commit(relay.store);
    json_decref(record);
}

static char listed[4000];

static const char *put_seq(void *user, int64_t id, const struct notification *notification, bool ended,
                           const char *left_out)
{
    (void)user, (void)id, (void)ended;
    snprintf(listed + strlen(listed), sizeof listed - strlen(listed), " %s%llu", left_out ? "-" : "",
             (unsigned long long)notification->seq);
    return NULL;
}

static void put_delivery(void *user, const struct delivery *delivery)
{
    (void)user;
    snprintf(listed + strlen(listed), sizeof listed - strlen(listed), "%s%s%s%s", delivery->receiver,
             delivery->person[0] ? "/" : "", delivery->person, delivery->round ? " again" : "");
    store_contents(relay.store, delivery->id, put_seq, NULL);
    strcat(listed, ";");
}

const char *live_in_state(enum delivery_state state)
{
    listed[0] = '\0';
    store_list(relay.store, state, put_delivery, NULL);
    return listed;
}

static void send_one(void *user, const struct delivery *delivery)
{
    (void)user;
    struct parcel parcel = {.id = delivery->id, .receiver = config_receiver(relay.config, delivery->receiver)};
    relay_heard(&relay, &parcel, OUTCOME_SENT, 0, "");
}

void live_send_all(const char *now)
{
    relay.now = at(now);
    store_list(relay.store, DELIVERY_SENDING, send_one, NULL);
    store_commit(relay.store);
}
