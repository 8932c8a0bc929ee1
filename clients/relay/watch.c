/* The dead man's switch: that nothing is told is told, by another way. What was told, and since when, is in the queue, so
 * that a restart neither repeats it nor forgets to say that all is well again.
 */
#include <stdio.h>

#include "relay.h"

/* `told` is the name under which it is kept when it was last told that this is gone; 0 while it is there. */
static void look(struct relay *relay, const char *what, const char *name, int64_t gone_since, const char *why,
                 int64_t now)
{
    char key[100], alarm[32];
    const struct watch *watch = &relay->config->watch;
    snprintf(key, sizeof key, "told:%s:%s", what, name);
    const int64_t told = store_number(relay->store, key);
    const bool gone = gone_since && now - gone_since >= watch->after;
    const bool again = gone && told && watch->repeat && now - told >= watch->repeat;
    if (gone ? (told && !again) : (!told || gone_since))
        return; /* told already; or there was nothing to tell; or it is gone anew, for less than that */
    snprintf(alarm, sizeof alarm, "%s_%s", what, gone ? "gone" : "back");
    json_t *object = json_pack("{s:s, s:s, s:I, s:s, s:s}", "alarm", alarm, "name", name, "time",
                               (json_int_t)(gone ? gone_since : now), "severity", gone ? "critical" : "info", "why",
                               gone && why[0] ? why : "-");
    store_begin(relay->store);
    store_tell(relay->store, watch->receiver->name, object, now);
    store_set_number(relay->store, key, gone ? now : 0);
    store_commit(relay->store);
    json_decref(object);
}

void watch_look(struct relay *relay, int64_t broker_gone_since, const char *broker_why, int64_t now)
{
    const struct config *config = relay->config;
    /* A restart does not begin to count anew. */
    int64_t since = store_number(relay->store, "broker_gone");
    if ((since != 0) != (broker_gone_since != 0)) {
        since = broker_gone_since;
        store_set_number(relay->store, "broker_gone", since);
    }
    if (!config->watch.receiver)
        return;
    look(relay, "broker", "", since, broker_why, now);
    for (size_t i = 0; i < config->receiver_count; i++) {
        const struct receiver *receiver = &config->receivers[i];
        if (receiver == config->watch.receiver)
            continue; /* it could not be told of itself */
        look(relay, "receiver", receiver->name, relay->lanes[i].failing, relay->lanes[i].error, now);
    }
}
