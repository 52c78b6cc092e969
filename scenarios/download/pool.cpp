// The files as tasks of a pool of eight threads: eight delays overlap, whatever the number of files, and a thread that
// got small files takes more of them. wait() comes back after the last task has ended, so the counts are complete.
// With wait() left out, a bad run checks files that are still on their way.
#include "scenarios/download/from_pool.h"

CHICANE_SCENARIO("download/pool", DownloadsByPool<Manners::good>)
    .says("downloads 64 files by a pool of eight threads")
    .not_judged_in("explore", CHICANE_NO_SOCKETS)
    .exactly_workers(1)
    .axis("delay_ms", {1})
    .operation("64 files")
    .tag("core");
