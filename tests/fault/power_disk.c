/* See power_disk.h: the log's side. The VFS is in power_vfs.c. */
#include "fault/power_disk.h"

#include <stdlib.h>
#include <string.h>

#include "fault/fault.h"
#include "fault/power_files.h"

static void *grown(void *memory, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return memory;
    *capacity = *capacity ? *capacity * 2 : 64;
    memory = realloc(memory, *capacity * size);
    FAULT_CHECK(memory, "no memory");
    return memory;
}

/* ---- contents, and how a crash state is taken back ---- */

static void reserve(struct power_file *file, uint64_t size)
{
    if (size <= file->capacity)
        return;
    const uint64_t before = file->capacity;
    while (file->capacity < size)
        file->capacity = file->capacity ? file->capacity * 2 : 65536;
    file->bytes = realloc(file->bytes, file->capacity);
    FAULT_CHECK(file->bytes, "no memory");
    memset(file->bytes + before, 0, file->capacity - before);
}

/* What stands in a file from an offset on is kept, to be put back. */
static void remember(struct power_disk *disk, struct power_file *file, uint64_t offset, uint64_t size)
{
    if (!disk->cut)
        return;
    disk->undos = grown(disk->undos, disk->undo_count, &disk->undo_capacity, sizeof *disk->undos);
    struct power_undo *undo = &disk->undos[disk->undo_count++];
    const uint64_t there = file->size > offset ? file->size - offset : 0;
    *undo = (struct power_undo){file, file->size, offset, size < there ? size : there, NULL};
    if (undo->size == 0)
        return;
    undo->bytes = malloc(undo->size);
    FAULT_CHECK(undo->bytes, "no memory");
    memcpy(undo->bytes, file->bytes + offset, undo->size);
}

void power_file_truncate(struct power_disk *disk, struct power_file *file, uint64_t size)
{
    remember(disk, file, size, UINT64_MAX);
    reserve(file, size);
    if (size < file->size)
        memset(file->bytes + size, 0, file->size - size);
    file->size = size;
}

void power_file_write(struct power_disk *disk, struct power_file *file, uint64_t offset, const uint8_t *bytes,
                      uint64_t size)
{
    remember(disk, file, offset, size);
    reserve(file, offset + size);
    memcpy(file->bytes + offset, bytes, size);
    if (file->size < offset + size)
        file->size = offset + size;
}

static void take_back(struct power_undo *undo)
{
    struct power_file *file = undo->file;
    if (file->size > undo->file_size)
        memset(file->bytes + undo->file_size, 0, file->size - undo->file_size);
    file->size = undo->file_size;
    if (undo->size > 0)
        memcpy(file->bytes + undo->offset, undo->bytes, undo->size);
    free(undo->bytes);
}

/* ---- files and names ---- */

struct power_file *power_file_new(struct power_disk *disk)
{
    FAULT_CHECK(disk->file_count < POWER_FILES, "the log makes more than %d files", POWER_FILES);
    return &disk->files[disk->file_count++];
}

struct power_name *power_name_of(struct power_disk *disk, const char *text)
{
    for (int i = 0; i < POWER_NAMES; i++) {
        struct power_name *name = &disk->names[i];
        if (!name->text[0])
            strncpy(name->text, text, sizeof name->text - 1);
        if (strcmp(name->text, text) == 0)
            return name;
    }
    rig_die("the log names more than %d files", POWER_NAMES);
}

/* The file that a name has from now on, as programs see it; it is on disk once the directory is synced. */
static void bind(struct power_name *name, struct power_file *file)
{
    FAULT_CHECK(name->pending_count < POWER_BINDINGS, "%s was made and removed too often", name->text);
    name->pending[name->pending_count++] = file;
    name->now = file;
}

/* ---- the log ---- */

static void take_synced(struct power_disk *disk, struct power_file *file)
{
    for (size_t i = 0; i < file->pending_count; i++) {
        const struct power_entry *entry = file->pending[i];
        if (entry->kind == POWER_TRUNCATE)
            power_file_truncate(disk, file, entry->number);
        else
            power_file_write(disk, file, entry->number, (const uint8_t *)(entry + 1), entry->size);
    }
    file->pending_count = 0;
}

static void take_directory_synced(struct power_disk *disk)
{
    for (int i = 0; i < POWER_NAMES; i++) {
        disk->names[i].durable = disk->names[i].now;
        disk->names[i].pending_count = 0;
    }
}

static void take_open(struct power_disk *disk, const struct power_entry *entry)
{
    struct power_name *name = power_name_of(disk, (const char *)(entry + 1));
    if (entry->number)
        bind(name, power_file_new(disk));
    FAULT_CHECK(name->now, "the log opens %s, which is not there", name->text);
    disk->descriptors[entry->descriptor % POWER_DESCRIPTORS] = name->now;
}

static void take_pending(struct power_disk *disk, const struct power_entry *entry)
{
    struct power_file *file = disk->descriptors[entry->descriptor % POWER_DESCRIPTORS];
    FAULT_CHECK(file, "the log writes to a file that it did not open");
    file->pending = grown(file->pending, file->pending_count, &file->pending_capacity, sizeof(struct power_entry *));
    file->pending[file->pending_count++] = entry;
}

static void take(struct power_disk *disk, const struct power_entry *entry)
{
    switch ((enum power_kind)entry->kind) {
    case POWER_START:
        memset(disk->descriptors, 0, sizeof disk->descriptors);
        disk->starts++;
        break;
    case POWER_OPEN:
        take_open(disk, entry);
        break;
    case POWER_WRITE:
    case POWER_TRUNCATE:
        take_pending(disk, entry);
        break;
    case POWER_SYNC:
        take_synced(disk, disk->descriptors[entry->descriptor % POWER_DESCRIPTORS]);
        break;
    case POWER_SYNC_DIRECTORY:
        take_directory_synced(disk);
        break;
    case POWER_UNLINK:
        bind(power_name_of(disk, (const char *)(entry + 1)), NULL);
        break;
    case POWER_ACKNOWLEDGED:
        disk->acknowledged = entry->number;
        break;
    }
}

bool power_disk_take(struct power_disk *disk, uint64_t *at)
{
    if (*at >= disk->log->tail)
        return false;
    const struct power_entry *entry = (const void *)((const uint8_t *)disk->log + *at);
    take(disk, entry);
    *at = power_entry_end(*at, entry);
    return true;
}

uint64_t power_disk_acknowledged(const struct power_disk *disk)
{
    return disk->acknowledged;
}

unsigned power_disk_starts(const struct power_disk *disk)
{
    return disk->starts;
}

bool power_disk_has_unsynced(const struct power_disk *disk)
{
    size_t count = 0;
    for (size_t i = 0; i < disk->file_count; i++)
        count += disk->files[i].pending_count;
    for (int i = 0; i < POWER_NAMES; i++)
        count += disk->names[i].pending_count;
    return count > 0;
}

/* ---- the cut ---- */

static void keep_some(struct power_disk *disk, struct power_file *file, const struct power_entry *entry,
                      unsigned percent, uint64_t *chance)
{
    const uint8_t *bytes = (const uint8_t *)(entry + 1);
    if (entry->kind == POWER_TRUNCATE) {
        if (power_chance(chance) % 100 < percent)
            power_file_truncate(disk, file, entry->number);
        return;
    }
    for (uint64_t done = 0, size; done < entry->size; done += size) {
        size = POWER_SECTOR - (entry->number + done) % POWER_SECTOR;
        if (size > entry->size - done)
            size = entry->size - done;
        if (power_chance(chance) % 100 < percent)
            power_file_write(disk, file, entry->number + done, bytes + done, size);
    }
}

/* In any order: a swap for each. */
static void shuffle(const struct power_entry **entries, size_t count, uint64_t *chance)
{
    for (size_t i = count; i > 1; i--) {
        const size_t j = power_chance(chance) % i;
        const struct power_entry *swap = entries[i - 1];
        entries[i - 1] = entries[j];
        entries[j] = swap;
    }
}

static unsigned percent_kept(enum power_loss loss, size_t place, size_t chosen, uint64_t *chance)
{
    switch (loss) {
    case POWER_LOSES_NOTHING:
        return 100;
    case POWER_LOSES_ONE:
        return place == chosen ? 0 : 100;
    case POWER_TEARS_ONE:
        return place < chosen ? 100 : place == chosen ? 50 : 0;
    case POWER_LOSES_SOME:
        return (unsigned)(power_chance(chance) % 3) * 50;
    default:
        return 0;
    }
}

static void cut_file(struct power_disk *disk, struct power_file *file, enum power_loss loss, uint64_t *chance)
{
    const size_t count = file->pending_count;
    const size_t chosen = count > 0 ? power_chance(chance) % count : 0;
    const struct power_entry **order = malloc((count + 1) * sizeof *order);
    FAULT_CHECK(order, "no memory");
    memcpy(order, file->pending, count * sizeof *order);
    if (loss == POWER_LOSES_SOME)
        shuffle(order, count, chance);
    for (size_t i = 0; i < count; i++)
        keep_some(disk, file, order[i], percent_kept(loss, i, chosen, chance), chance);
    free(order);
}

void power_disk_cut(struct power_disk *disk, enum power_loss loss, uint64_t *chance)
{
    disk->cut = true;
    disk->off = false;
    disk->file_count_before = disk->file_count;
    for (size_t i = 0; i < disk->file_count; i++)
        cut_file(disk, &disk->files[i], loss, chance);
    for (int i = 0; i < POWER_NAMES; i++) {
        struct power_name *name = &disk->names[i];
        size_t kept = power_chance(chance) % (name->pending_count + 1);
        if (loss == POWER_LOSES_ALL || loss == POWER_LOSES_NOTHING)
            kept = loss == POWER_LOSES_ALL ? 0 : name->pending_count;
        name->found = kept > 0 ? name->pending[kept - 1] : name->durable;
    }
}

void power_disk_off(struct power_disk *disk)
{
    disk->off = true;
}

void power_disk_undo(struct power_disk *disk)
{
    while (disk->undo_count > 0)
        take_back(&disk->undos[--disk->undo_count]);
    for (size_t i = disk->file_count_before; i < disk->file_count; i++) {
        free(disk->files[i].bytes);
        disk->files[i] = (struct power_file){0};
    }
    disk->file_count = disk->file_count_before;
    disk->cut = false;
}

struct power_disk *power_disk_new(const struct power_log *log)
{
    struct power_disk *disk = calloc(1, sizeof *disk);
    FAULT_CHECK(disk, "no memory");
    disk->log = log;
    power_vfs_register(disk);
    return disk;
}

void power_disk_free(struct power_disk *disk)
{
    power_vfs_unregister(disk);
    for (size_t i = 0; i < disk->file_count; i++) {
        free(disk->files[i].bytes);
        free(disk->files[i].pending);
    }
    free(disk->undos);
    free(disk);
}
