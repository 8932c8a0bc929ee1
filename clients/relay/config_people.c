/* The address book: who is told for an agency, in which language and hours, and who stands in while they are away. */
#include <string.h>

#include "config.h"

#define STAND_INS_MAX 8 /* one after the other; a longer row is taken for a circle */

void take_hours(struct reader *reader, yaml_node_t *node, void *into)
{
    const char *text = reader_text(reader, node);
    if (text && !hours_read(text, into))
        reader_fault(reader, node, "`%.40s` would be working, always, or hours such as 07:00-19:00", text);
}

void take_digest(struct reader *reader, yaml_node_t *node, void *into)
{
    const char *text = reader_text(reader, node);
    if (text && !digest_read(text, into))
        reader_fault(reader, node,
                     "`%.40s` would be quiet (what waited comes as one), never (it comes as its routes group it), or a "
                     "time such as '07:30' (once each working day)",
                     text);
}

void take_language(struct reader *reader, yaml_node_t *node, void *into)
{
    const char *text = reader_text(reader, node);
    if (text && strcmp(text, "vi") != 0 && strcmp(text, "en") != 0)
        reader_fault(reader, node, "`%.40s` would be vi or en", text);
    else if (text)
        *(enum language *)into = text[0] == 'e' ? LANGUAGE_EN : LANGUAGE_VI;
}

static void take_mail_address(struct reader *reader, yaml_node_t *node, void *into);

const struct key away_keys[] = {
    {"from", take_day, offsetof(struct away, from), true},
    {"until", take_day, offsetof(struct away, until), true},
    {"stand_in", take_text, offsetof(struct away, stand_in), true},
    {NULL, NULL, 0, false},
};

static void take_away(struct reader *reader, yaml_node_t *node, void *into)
{
    struct away *away = into;
    reader_map(reader, node, away_keys, away);
    if (away->until < away->from)
        reader_fault(reader, node, "`until` is before `from`; both days are included");
}

static void take_aways(struct reader *reader, yaml_node_t *node, void *into)
{
    struct person *person = into;
    void *items = NULL;
    reader_list(reader, node, take_away, sizeof(struct away), &items, &person->away_count);
    person->away = items;
}

static void take_phone(struct reader *reader, yaml_node_t *node, void *into)
{
    const char *text = reader_text(reader, node);
    if (text && (strspn(text, "+0123456789") != strlen(text) || strlen(text) < 4 || strlen(text) > 20))
        reader_fault(reader, node, "`%.40s` would be digits alone, such as '+84912345678' in quotes", text);
    else if (text)
        *(const char **)into = text;
}

const struct key person_keys[] = {
    {"id", take_text, offsetof(struct person, id), true},
    {"name", take_text, offsetof(struct person, name), true},
    {"agency", take_names, offsetof(struct person, agencies), true},
    {"mail", take_mail_address, offsetof(struct person, mail), false},
    {"phone", take_phone, offsetof(struct person, phone), false},
    {"language", take_language, offsetof(struct person, wishes.language), false},
    {"hours", take_hours, offsetof(struct person, wishes.hours), false},
    {"digest", take_digest, offsetof(struct person, wishes.digest), false},
    {"urgent", take_severity, offsetof(struct person, wishes.urgent), false},
    {"away", take_aways, 0, false},
    {NULL, NULL, 0, false},
};

/* An address goes into the envelope and the head of a mail: nothing that could end a line or an address may be in it. */
static void take_mail_address(struct reader *reader, yaml_node_t *node, void *into)
{
    const char *text = reader_text(reader, node), *at = text ? strchr(text, '@') : NULL;
    if (!text)
        return;
    bool right = at && at != text && at[1] && !strchr(at + 1, '@') && strlen(text) <= 254;
    for (const char *c = text; *c; c++)
        right = right && (unsigned char)*c > ' ' && (unsigned char)*c < 127 && !strchr("<>(),;:\\\"[]", *c);
    if (right)
        *(const char **)into = text;
    else
        reader_fault(reader, node, "`%.60s` would be a mail address, such as van.thu@tinh.gov.vn", text);
}

static void take_person(struct reader *reader, yaml_node_t *node, void *into)
{
    struct person *person = into;
    person->wishes.urgent = SEVERITY_CRITICAL;
    person->line = node ? (int)node->start_mark.line + 1 : 0;
    reader_map(reader, node, person_keys, person);
}

void take_people(struct reader *reader, yaml_node_t *node, void *into)
{
    struct config *config = into;
    void *items = NULL;
    reader_list(reader, node, take_person, sizeof(struct person), &items, &config->people_count);
    config->people = items;
}

const struct person *config_person(const struct config *config, const char *id)
{
    for (size_t i = 0; i < config->people_count; i++)
        if (config->people[i].id && strcmp(config->people[i].id, id) == 0)
            return &config->people[i];
    return NULL;
}

static void check_stand_ins(struct reader *reader, const struct config *config, const struct person *person)
{
    for (size_t i = 0; i < person->away_count; i++) {
        const struct person *next = person;
        for (int hops = 0; next && next->away_count && hops <= STAND_INS_MAX; hops++) {
            const char *stand_in = next->away[next == person ? i : 0].stand_in;
            next = stand_in ? config_person(config, stand_in) : NULL;
            if (next == person)
                reader_fault(reader, NULL, "people: %s stands in for %s, in a circle", stand_in, person->id);
            if (stand_in && !next)
                reader_fault(reader, NULL, "people: the stand-in `%.64s` of %s is nobody's id", stand_in, person->id);
            if (next == person)
                break;
        }
    }
}

void config_check_people(struct reader *reader, const struct config *config)
{
    for (size_t i = 0; i < config->people_count; i++) {
        const struct person *person = &config->people[i];
        if (!person->id)
            continue; /* told already */
        if (config_person(config, person->id) != person)
            reader_fault(reader, NULL, "people: the id `%.64s` is given twice (line %d)", person->id, person->line);
        check_stand_ins(reader, config, person);
    }
}
