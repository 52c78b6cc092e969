#include "reports/sarif/evidence.h"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/judge/fingerprint.h"
#include "reports/picture.h"
#include "reports/places.h"

namespace chicane::reports::sarif {
namespace {

using Shape = JsonText::Shape;

struct Told {  // a stack and what it is of
  std::string what;
  const Stack* stack;
};

std::vector<Told> told_stacks(const Evidence& evidence) {
  std::vector<Told> all;
  for (const auto& access : evidence.accesses)
    all.push_back({fmt::format("{} by {}", words_of(access), thread_name(evidence, access.thread)), &access.stack});
  for (const auto& labelled : evidence.stacks) all.push_back({labelled.label, &labelled.stack});
  if (evidence.location) all.push_back({"the memory was allocated here", &evidence.location->allocated_at});
  for (const auto& mutex : evidence.mutexes)
    all.push_back({fmt::format("mutex {} was made here", mutex.id), &mutex.created_at});
  for (const auto& thread : evidence.threads)
    all.push_back({thread_name(evidence, thread.id) + " was started here", &thread.created_at});
  // The format wants each once.
  std::vector<Told> once;
  for (auto& told : all)
    if (!told.stack->empty() && std::ranges::none_of(once, [&told](const Told& other) {
          return other.what == told.what && *other.stack == *told.stack;
        }))
      once.push_back(std::move(told));
  return once;
}

void write_related(JsonText& json, const std::vector<Told>& stacks, const Locations& locations) {
  if (stacks.empty()) return;
  const auto all = json.array("relatedLocations");
  std::size_t id = 0;
  for (const auto& told : stacks) {
    const auto location = json.object({}, Shape::line);
    json.number("id", ++id);
    locations.write_frame(json, *Locations::shown(*told.stack), told.what);
  }
}

void write_stacks(JsonText& json, const std::vector<Told>& stacks, const Locations& locations) {
  if (stacks.empty()) return;
  const auto all = json.array("stacks");
  for (const auto& told : stacks) {
    const auto stack = json.object();
    write_message(json, "message", told.what);
    const auto frames = json.array("frames");
    for (const auto& frame : *told.stack) {
      const auto entry = json.object({}, Shape::line);
      {
        const auto location = json.object("location");
        locations.write_frame(json, frame, {});
      }
      if (!frame.module.empty()) json.text("module", frame.module);
    }
  }
}

void write_step(JsonText& json, const PictureStep& step, std::size_t order, const Locations& locations) {
  const auto entry = json.object({}, Shape::line);
  {
    auto words = words_of(step);
    if (step.left_out != 0) words = fmt::format("({} steps before it are not shown) {}", step.left_out, words);
    const auto location = json.object("location");
    if (const auto* frame = Locations::shown(step.stack))
      locations.write_frame(json, *frame, words);
    else
      write_message(json, "message", words);
  }
  json.number("executionOrder", order);
  // What the schedule chose on purpose is what shows the finding.
  json.text("importance", step.matters ? "essential" : "important");
  const auto locks = fmt::format("{}", fmt::join(step.holds, ", "));
  if (locks.empty() && step.waits_for.empty()) return;
  const auto state = json.object("state");
  if (!locks.empty()) write_message(json, "holds", locks);
  if (!step.waits_for.empty()) write_message(json, "waits for", step.waits_for);
}

// One flow of the whole schedule, in it one of each thread; executionOrder interleaves them.
void write_schedule(JsonText& json, const Evidence& evidence, const Locations& locations) {
  if (!evidence.picture || evidence.picture->steps.empty()) return;
  const auto& steps = evidence.picture->steps;
  std::vector<std::uint32_t> threads = evidence.picture->threads;
  for (const auto& step : steps)
    if (std::ranges::find(threads, step.thread) == threads.end()) threads.push_back(step.thread);
  const auto flows = json.array("codeFlows");
  const auto flow = json.object();
  write_message(json, "message", "A schedule that shows it, step by step; `chicane replay` runs it again.");
  const auto all = json.array("threadFlows");
  for (const auto thread : threads) {
    if (std::ranges::find(steps, thread, &PictureStep::thread) == steps.end()) continue;
    const auto own = json.object();
    json.text("id", std::to_string(thread));
    write_message(json, "message", column_title(evidence, thread));
    const auto places = json.array("locations");
    for (std::size_t i = 0; i < steps.size(); ++i)
      if (steps[i].thread == thread) write_step(json, steps[i], i + 1, locations);
  }
}

}  // namespace

void write_evidence(JsonText& json, const Evidence& evidence, const Locations& locations) {
  const auto stacks = told_stacks(evidence);
  write_related(json, stacks, locations);
  write_stacks(json, stacks, locations);
  write_schedule(json, evidence, locations);
}

}  // namespace chicane::reports::sarif
