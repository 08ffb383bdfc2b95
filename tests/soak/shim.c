/* Stands between a program and the machine in a drill (LD_PRELOAD): its clock may jump, its disk may
   fail to write or be full. What it does is said in a file that the drill writes to meanwhile. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

struct said { int64_t seconds; int64_t no_sync; int64_t full; int64_t faults; };
static struct said quiet, *said = &quiet;

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("DRILL_SHIM");
  int file = path ? open(path, O_RDWR) : -1;
  if (file < 0) return;
  void *at = mmap(0, sizeof *said, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (at != MAP_FAILED) said = at;
  close(file);
}
static int fault(int number) {
  __sync_fetch_and_add(&said->faults, 1);
  errno = number;
  return -1;
}
int clock_gettime(clockid_t which, struct timespec *now) {
  int done = syscall(SYS_clock_gettime, which, now);
  if (!done && which == CLOCK_REALTIME) now->tv_sec += said->seconds;
  return done;
}
int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  int done = syscall(SYS_gettimeofday, now, zone);
  if (!done) now->tv_sec += said->seconds;
  return done;
}
time_t time(time_t *where) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (where) *where = now.tv_sec;
  return now.tv_sec;
}
int fsync(int file) { return said->no_sync ? fault(EIO) : syscall(SYS_fsync, file); }
int fdatasync(int file) { return said->no_sync ? fault(EIO) : syscall(SYS_fdatasync, file); }
ssize_t pwrite64(int file, const void *what, size_t size, off64_t at) {
  return said->full ? fault(ENOSPC) : syscall(SYS_pwrite64, file, what, size, at);
}
ssize_t pwrite(int file, const void *what, size_t size, off_t at) {
  return pwrite64(file, what, size, at);
}
