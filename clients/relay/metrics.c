#include "metrics.h"

#include <inttypes.h>

#include "exposition.h"

static void put_own(const struct relay *relay, int64_t broker_gone_since, int64_t now, struct buffer *out)
{
    unsigned silences = 0;
    for (size_t i = 0; i < relay->silences.count; i++)
        silences += relay->silences.items[i].begins <= now && now < relay->silences.items[i].ends;
    const struct {
        const char *name, *type, *help;
        int64_t value;
    } own[] = {
        {"coord_relay_broker_connected", "gauge", "Whether notifications come from the broker.",
         broker_gone_since == 0},
        {"coord_relay_notifications_total", "counter", "Notifications taken since the start, one for each agency told.",
         (int64_t)relay->figures.taken},
        {"coord_relay_untold_total", "counter", "Of these, those whose routes know nobody to tell.",
         (int64_t)relay->figures.untold},
        {"coord_relay_silences", "gauge", "Silences in force.", silences},
        {"coord_relay_dead", "gauge", "Dead deliveries, of receivers that are no more too.",
         store_count_dead(relay->store)},
        {"coord_relay_under_way", "gauge", "Attempts under way.",
         relay->sender ? sender_count(relay->sender, NULL) : 0},
        {"coord_relay_configuration_right", "gauge", "Whether the configuration was right when it was last read.",
         !relay->figures.wrong},
        {"coord_relay_configuration_seconds", "gauge", "When the configuration that holds was read, since 1970.",
         relay->figures.read / 1000},
    };
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        exposition_head(out, own[i].name, own[i].type, own[i].help);
        buffer_printf(out, "%s %" PRId64 "\n", own[i].name, own[i].value);
    }
}

static void put_receiver(struct buffer *out, const char *name, const char *receiver, const char *label,
                         const char *value, int64_t number)
{
    buffer_printf(out, "%s{", name);
    exposition_label(out, "receiver", receiver);
    if (label) {
        buffer_append(out, ",", 1);
        exposition_label(out, label, value);
    }
    buffer_printf(out, "} %" PRId64 "\n", number);
}

struct counted {
    int64_t states[DELIVERY_STATE_COUNT], oldest;
};

static void put_queues(const struct relay *relay, const struct counted *counted, int64_t now, struct buffer *out)
{
    static const enum delivery_state shown[] = {DELIVERY_WAITING, DELIVERY_SENDING, DELIVERY_DEAD};
    const struct config *config = relay->config;
    exposition_head(out, "coord_relay_queue", "gauge", "Deliveries of a receiver that are not dealt with, by state.");
    for (size_t i = 0; i < config->receiver_count; i++)
        for (size_t j = 0; j < sizeof shown / sizeof *shown; j++)
            put_receiver(out, "coord_relay_queue", config->receivers[i].name, "state", delivery_state_name(shown[j]),
                         counted[i].states[shown[j]]);
    exposition_head(out, "coord_relay_oldest_seconds", "gauge",
                    "How long the receiver has not taken the oldest of what is being sent to it.");
    for (size_t i = 0; i < config->receiver_count; i++)
        put_receiver(out, "coord_relay_oldest_seconds", config->receivers[i].name, NULL, NULL,
                     counted[i].oldest ? (now - counted[i].oldest) / 1000 : 0);
}

void metrics_write(const struct relay *relay, int64_t broker_gone_since, int64_t now, struct buffer *out)
{
    static const char *const outcomes[] = {
#define O(constant, name) #name,
        OUTCOMES(O)
#undef O
    };
    const struct config *config = relay->config;
    struct counted counted[CONFIG_RECEIVERS_MAX];
    for (size_t i = 0; i < config->receiver_count; i++)
        store_count_of_receiver(relay->store, config->receivers[i].name, counted[i].states, &counted[i].oldest);
    put_own(relay, broker_gone_since, now, out);
    put_queues(relay, counted, now, out);
    exposition_head(out, "coord_relay_failing_seconds", "gauge",
                    "How long the receiver has taken nothing; 0: it does.");
    for (size_t i = 0; i < config->receiver_count; i++)
        put_receiver(out, "coord_relay_failing_seconds", config->receivers[i].name, NULL, NULL,
                     relay->lanes[i].failing ? (now - relay->lanes[i].failing) / 1000 : 0);
    exposition_head(out, "coord_relay_attempts_total", "counter",
                    "Attempts since the start: taken, to be tried again, refused for good.");
    for (size_t i = 0; i < config->receiver_count; i++)
        for (size_t j = 0; j < OUTCOMES_COUNT; j++)
            put_receiver(out, "coord_relay_attempts_total", config->receivers[i].name, "outcome", outcomes[j],
                         (int64_t)relay->lanes[i].outcomes[j]);
}
