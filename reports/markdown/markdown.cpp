// Markdown short enough for a comment: the verdict, what needs attention first, and folded the evidence and the speed
// of the families. A block is there whole or left out, and the last line says what was.
#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/figures.h"
#include "reports/markdown/escape.h"
#include "reports/markdown/speed.h"
#include "reports/places.h"
#include "reports/reading.h"
#include "reports/render.h"
#include "reports/speed_panels.h"

namespace chicane {
namespace reports::markdown {
namespace {

// In bytes, of which there are never fewer than characters. Hosts take 65,536 characters in a comment.
constexpr std::size_t most_bytes = 60'000;
constexpr std::size_t for_the_last_line = 2'500;
constexpr std::size_t for_attention = 20'000, for_evidence = 36'000;  // ends of these parts, from the beginning
constexpr std::size_t most_hosts = 4, most_notes = 10;
// Of texts that a run brings.
constexpr std::size_t most_of_an_id = 120, most_of_a_why = 400, most_of_a_sentence = 500, most_of_a_command = 1'500;

class Comment {
 public:
  // Whether there was room for it before this end.
  bool add(std::string_view block, std::size_t end = most_bytes - for_the_last_line) {
    if (text_.size() + block.size() > end) return false;
    text_ += block;
    return true;
  }
  // Where there is next to none, nothing more needs to be made.
  bool has_room() const { return text_.size() + for_the_last_line + 500 < most_bytes; }
  void left_out(std::size_t number, std::string_view one, std::string_view many) {
    if (number != 0) left_out_.push_back(plural(number, one, many));
  }
  std::string take(const Run& run) && {
    if (!left_out_.empty()) text_ += fmt::format("Left out here for length: {}. ", fmt::join(left_out_, ", "));
    return std::move(text_) + fmt::format("All of it is in the report of the run {}.\n", code(run.id, most_of_an_id));
  }

 private:
  std::string text_;
  std::vector<std::string> left_out_;
};

std::string facts(const Reading& reading) {
  const auto& run = reading.run();
  auto text = fmt::format("Chicane {}, {}, {}", prose(run.tool_version, 40), prose(run.started, 40),
                          plural(run.trials.size(), "trial"));
  if (const auto duration = reading.duration(); !duration.empty()) text += " in " + duration;
  if (!run.merged_from.empty()) text += fmt::format(", merged from {} runs", run.merged_from.size());
  text += ".";
  for (std::size_t i = 0; i < std::min(most_hosts, run.hosts.size()); ++i) {
    const auto& host = run.hosts[i];
    text += fmt::format("  \n{}: {}, {}, {}, {}.", code(host.id, 20), prose(host.cpu, most_of_an_id),
                        plural(host.cores, "core"), figure(static_cast<double>(host.memory_bytes), Unit::bytes),
                        prose(host.kernel, most_of_an_id));
  }
  if (run.hosts.size() > most_hosts) text += fmt::format("  \nAnd {} more hosts.", run.hosts.size() - most_hosts);
  return text + "\n\n";
}

std::string beginning(const Reading& reading) {
  const auto headline = reading.headline();
  auto text = fmt::format("## {} {}\n\n", shape_of(reading.overall()), prose(headline.says, most_of_a_sentence));
  for (const auto* more : {&headline.detail, &headline.remark})
    if (!more->empty()) text += prose(as_sentence(*more), most_of_a_sentence) + "\n\n";
  auto counts = reading.counts();
  text += "|";
  std::string line = "\n|", values = "\n|";
  for (const auto verdict : {Verdict::fail, Verdict::missed, Verdict::error, Verdict::pass, Verdict::not_judged}) {
    text += fmt::format(" {} {} |", shape_of(verdict), words_of(verdict));
    line += "--:|";
    values += fmt::format(" {} |", count(counts.of(verdict)));
  }
  return text + line + values + "\n\n" + facts(reading);
}

void write_attention(Comment& comment, const Reading& reading) {
  const auto all = reading.needing_attention();
  if (all.empty()) return;
  comment.add("### Needs attention\n\n| | Scenario | Lane | Why |\n|---|---|---|---|\n");
  std::size_t written = 0;
  for (const auto* verdict : all) {
    if (!comment.add(fmt::format("| {} {} | {} | {} | {} |\n", shape_of(verdict->verdict), words_of(verdict->verdict),
                                 code(verdict->scenario, most_of_an_id), name(verdict->lane),
                                 prose(verdict->why, most_of_a_why)),
                     for_attention))
      break;
    ++written;
  }
  comment.add("\n");
  comment.left_out(all.size() - written, "verdict that needs attention", "verdicts that need attention");
}

std::string evidence_block(const Reading& reading, const FindingView& view) {
  const auto& evidence = view.finding->evidence;
  auto text = fmt::format("<details>\n<summary>{}", prose(capitalized(title_of(*view.finding)), most_of_an_id));
  if (!view.occurrences.empty()) {
    const auto& first = view.occurrences.front();
    text += fmt::format(": {} {}, {} of {}", prose(first.scenario_id, most_of_an_id), name(first.lane),
                        count(first.seen), plural(first.of, "process", "processes"));
    if (view.occurrences.size() > 1)
      text += fmt::format(", and in {}", plural(view.occurrences.size() - 1, "other place"));
  }
  text += "</summary>\n\n";
  if (!evidence.message.empty()) text += prose(as_sentence(evidence.message), most_of_a_why) + "\n\n";
  for (const auto& access : evidence.accesses) {
    Finding side;
    side.evidence.accesses = {access};
    text += fmt::format(
        "- {} in {}\n",
        prose(fmt::format("{} by {}", words_of(access), thread_name(evidence, access.thread)), most_of_an_id),
        code(where(side), most_of_a_why));
  }
  if (evidence.accesses.empty())
    if (const auto place = where(*view.finding); !place.empty())
      text += fmt::format("- in {}\n", code(place, most_of_a_why));
  if (!view.occurrences.empty())
    text += "\n" + fenced(reading.command_for(view.occurrences.front()), "sh", most_of_a_command);
  return text + "\n</details>\n\n";
}

void write_evidence(Comment& comment, const Reading& reading) {
  std::size_t left = 0;
  bool full = false;
  for (const auto& view : reading.findings()) {
    if (view.standing != Standing::undeclared) continue;
    full = full || !comment.add(evidence_block(reading, view), for_evidence);
    left += full;
  }
  comment.left_out(left, "undeclared finding", "undeclared findings");
}

void write_speed(Comment& comment, const Run& run) {
  const auto panels = speed_panels(run);
  if (panels.empty()) return;
  comment.add("### Time per operation: median \\[95 % interval\\]\n\n");
  // Panels of one family stand together. A family that is too long does not take the place of the next.
  std::size_t left = 0;
  for (auto from = panels.begin(); from != panels.end();) {
    const auto to =
        std::find_if(from, panels.end(), [&](const SpeedPanel& panel) { return panel.family != from->family; });
    if (!comment.has_room() || !comment.add(speed_block({from, to}))) ++left;
    from = to;
  }
  comment.left_out(left, "family's speed", "families' speed");
}

void write_notes(Comment& comment, const Run& run) {
  if (run.notes.empty()) return;
  auto text = fmt::format("<details>\n<summary>{}</summary>\n\n", plural(run.notes.size(), "note"));
  for (std::size_t i = 0; i < std::min(most_notes, run.notes.size()); ++i)
    text += fmt::format("- {}\n", prose(run.notes[i], most_of_a_why));
  if (!comment.add(text + "\n</details>\n\n"))
    comment.left_out(run.notes.size(), "note", "notes");
  else if (run.notes.size() > most_notes)
    comment.left_out(run.notes.size() - most_notes, "note", "notes");
}

}  // namespace
}  // namespace reports::markdown

std::string render_markdown(const Run& run) {
  using namespace reports;
  const Reading reading(run);
  markdown::Comment comment;
  comment.add(markdown::beginning(reading));
  markdown::write_attention(comment, reading);
  markdown::write_evidence(comment, reading);
  markdown::write_notes(comment, run);
  markdown::write_speed(comment, run);
  return std::move(comment).take(run);
}

}  // namespace chicane
