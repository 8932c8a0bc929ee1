#include "matcher.h"

#include <stdio.h>

static void take_kinds(struct reader *reader, yaml_node_t *node, void *into)
{
    *(uint32_t *)into = reader_terms(reader, node, &vocabulary_kind);
}

static void take_notices(struct reader *reader, yaml_node_t *node, void *into)
{
    *(uint32_t *)into = reader_terms(reader, node, &vocabulary_notice);
}

const struct key matcher_keys[] = {
    {"agency", take_names, offsetof(struct matcher, agency), false},
    {"subtree", take_names, offsetof(struct matcher, subtree), false},
    {"kind", take_kinds, offsetof(struct matcher, kinds), false},
    {"notice", take_notices, offsetof(struct matcher, notices), false},
    {"severity", take_severity, offsetof(struct matcher, severity), false},
    {"area", take_names, offsetof(struct matcher, area), false},
    {"tag", take_names, offsetof(struct matcher, tag), false},
    {NULL, NULL, 0, false},
};

void take_matcher(struct reader *reader, yaml_node_t *node, void *into)
{
    reader_map(reader, node, matcher_keys, into);
}

static bool stands_under(const struct names *roots, const struct notification *notification)
{
    if (names_have(roots, notification->agency))
        return true;
    for (size_t i = 0; i < notification->above.count; i++)
        if (names_have(roots, notification->above.items[i]))
            return true;
    return false;
}

static bool has_tag(const struct names *tags, const struct notification *notification)
{
    for (size_t i = 0; i < notification->tags.count; i++)
        if (names_have(tags, notification->tags.items[i]))
            return true;
    return false;
}

const char *matcher_why_not(const struct matcher *matcher, const struct notification *notification)
{
    static char why[128];
    why[0] = '\0';
    if (matcher->agency.count && !names_have(&matcher->agency, notification->agency))
        snprintf(why, sizeof why, "agency is %s", notification->agency);
    else if (matcher->subtree.count && !stands_under(&matcher->subtree, notification))
        snprintf(why, sizeof why, "%s does not stand there in the tree", notification->agency);
    else if (matcher->kinds && !(matcher->kinds & TERM_BIT(notification->kind)))
        snprintf(why, sizeof why, "kind is %s", term_name(&vocabulary_kind, notification->kind));
    else if (matcher->notices && !(matcher->notices & TERM_BIT(notification->notice)))
        snprintf(why, sizeof why, "notice is %s", term_name(&vocabulary_notice, notification->notice));
    else if (notification->severity < matcher->severity)
        snprintf(why, sizeof why, "severity is %s", term_name(&vocabulary_severity, notification->severity));
    else if (matcher->area.count && !names_have(&matcher->area, notification->area))
        snprintf(why, sizeof why, "area is %s", notification->area[0] ? notification->area : "none");
    else if (matcher->tag.count && !has_tag(&matcher->tag, notification))
        snprintf(why, sizeof why, "it has none of these tags");
    return why[0] ? why : NULL;
}

bool matcher_holds(const struct matcher *matcher, const struct notification *notification)
{
    return !matcher_why_not(matcher, notification);
}
