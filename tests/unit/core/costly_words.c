/* What costly requests are made of: words, agencies, tasks, contents. */
#include <stdio.h>
#include <string.h>

#include "core/state.h"
#include "unit/core/costly.h"
#include "unit/core/costly_parts.h"

uint32_t costly_pick(struct costly *costly, uint32_t below)
{
    if (costly->choices_left > 0) {
        costly->choices_left--;
        return *costly->choices++ * below / 256;
    }
    costly->seed = costly->seed * 1664525 + 1013904223;
    return (uint32_t)(((uint64_t)(costly->seed >> 8) * below) >> 24);
}

struct text costly_words(struct costly *costly, char *text, size_t size)
{
    static const char *const letters[] = {"a", "e\xCC\x82\xCC\xA3", "\xE1\x84\x80\xE1\x85\xA1", "\xC4\x91"};
    static const char falling[] = "\xCD\xA0\xCC\x81\xCC\xA3\xCC\xB4";
    const uint32_t sort = costly_pick(costly, 5);
    size_t at = 0;
    while (at + 64 < size) {
        const char *letter = letters[sort < 4 ? sort : 0];
        memcpy(text + at, letter, strlen(letter));
        at += strlen(letter);
        for (int i = 0; sort == 4 && i < 30; i++, at += 2)
            memcpy(text + at, falling + 2 * (i / 8), 2);
    }
    return (struct text){text, (uint32_t)at};
}

struct text costly_agency_named(char *id, size_t size, unsigned number)
{
    snprintf(id, size, "thon-%u", number);
    return text_of(id);
}

struct texts costly_agencies(unsigned from, unsigned count)
{
    static char ids[2][COSTLY_CHILDREN][24];
    static struct text lists[2][COSTLY_CHILDREN];
    static unsigned turn;
    turn = !turn;
    for (unsigned i = 0; i < count; i++)
        lists[turn][i] = costly_agency_named(ids[turn][i], sizeof ids[turn][i], from + i);
    return (struct texts){lists[turn], count};
}

uint64_t costly_any_task(struct costly *costly)
{
    switch (costly_pick(costly, 3)) {
    case 0:
        return costly->whole;
    case 1:
        return costly->crowded;
    default:
        return 1 + costly_pick(costly, (uint32_t)costly->world->core->task_count);
    }
}

void costly_fill_content(struct costly *costly, struct msg_content *content, bool lists)
{
    static struct text tags[16];
    static char tag[16][260];
    MSG_SET(content, content, title, TEXT("Việc"));
    if (costly_pick(costly, 3))
        MSG_SET(content, content, description,
                costly_words(costly, costly->text, costly_pick(costly, 2) ? 16384 : 1 + costly_pick(costly, 16000)));
    if (lists && costly_pick(costly, 2)) {
        MSG_SET(content, content, cooperating, costly_agencies(300, COSTLY_LIST));
        MSG_SET(content, content, observers, costly_agencies(400, COSTLY_LIST));
    }
    for (int i = 0; i < 16; i++) {
        memset(tag[i], 'a' + i, sizeof tag[i]);
        tags[i] = (struct text){tag[i], 250};
    }
    if (costly_pick(costly, 2))
        MSG_SET(content, content, tags, (struct texts){tags, 16});
    if (!costly_pick(costly, 4))
        MSG_SET(content, content, scope, SCOPE_RESTRICTED);
}
