// Plain accesses that are switch points, and memory from malloc.
#include <cstring>
#include <malloc.h>

#include "harness/explore/engine.h"
#include "harness/explore/heap.h"

namespace chicane::explore {

void Engine::visible_access(Thread& thread, std::uintptr_t address, std::size_t bytes, bool write, std::uintptr_t pc) {
  const bool endless = thread.unseen > most_unseen;
  if (endless) thread.fruitless += 8;  // it reads on and on, and nobody else comes: let others go first
  point(thread, {.kind = write ? OperationKind::write : OperationKind::read,
                 .size_bytes = static_cast<std::uint16_t>(bytes < 65535 ? bytes : 65535),
                 .address = address,
                 .pc = pc});
  std::uint64_t value = 0;
  if (bytes <= sizeof value && !races.is_freed(address))
    std::memcpy(&value, reinterpret_cast<const void*>(address), bytes);
  if (endless) return;
  if (write) {
    saw(thread, 0, true);
    return;
  }
  saw(thread, value, false);
  if (recording_->trace != nullptr && bytes <= sizeof value) step_value(value, value);
  EarlierAccess writer;
  if (wants_.reads_from || recording_->trace != nullptr) {
    if (races.last_write(address, writer))
      told_read(thread, address, pc, who_had(writer.index), whole_pc(writer.location));
    else
      told_read(thread, address, pc, no_thread, 0);
  }
}

void Engine::told_read(Thread& thread, std::uintptr_t address, std::uintptr_t pc, ThreadId writer,
                       std::uintptr_t write_pc) {
  if (wants_.reads_from) scheduler_->reads_from({thread.id, writer, pc, write_pc, address});
  if (recording_->trace != nullptr && !recording_->trace->empty()) recording_->trace->back().read_from = writer;
}

void Engine::remember_stack(Thread& thread, std::uintptr_t pc) {
  stacks_[std::uint64_t{thread.index} << 32 | (pc & Record::pc_mask)] = stack_of(thread, pc);
}

void Engine::allocated(Thread& thread, void* memory, std::size_t bytes, std::size_t usable, std::uintptr_t pc) {
  races.shadow().clear(reinterpret_cast<std::uintptr_t>(memory), usable);
  blocks.allocated(arena, thread.id, reinterpret_cast<std::uintptr_t>(memory), bytes, usable, pc);
}

bool Engine::release(Thread& thread, void* memory, std::size_t usable, std::uintptr_t pc) {
  const auto address = reinterpret_cast<std::uintptr_t>(memory);
  if (races.is_freed(address)) {
    auto& finding = found(FindingKind::memory_error, &thread, pc, "memory is freed that has been freed already");
    describe_block(finding, address);
    return false;
  }
  if (options.races) {
    // To give memory back conflicts with every access to it.
    if (plain_points != SwitchPoints::sync && !solo && is_shared(pc)) visible_access(thread, address, 1, true, pc);
    if (!solo) races.write(thread, address, usable, pc);
    races.freed(address, usable, pc);
  }
  blocks.freed(arena, races.shadow(), thread.id, address, usable, pc);
  return true;
}

}  // namespace chicane::explore
