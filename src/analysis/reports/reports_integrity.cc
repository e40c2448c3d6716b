// Integrity reports: one is due in every IntgPd while the block is enabled (IEC
// 61850-7-2 17.2.2.12).
#include <fmt/format.h>

#include <algorithm>

#include "analysis/reports/reports.h"
#include "analysis/wording.h"

namespace mmsa::analysis {

void ReportTracker::watch_integrity(Context& context, Stream& stream, FrameRef now) {
  check_silence(context, stream, now);
  stream.watched_since = now.clock;
  stream.watched_frame = now;
  stream.watched_losses = missing_so_far(context);
}

void ReportTracker::check_silence(Context& context, Stream& stream, FrameRef until) {
  constexpr TimeNs kSlip = kNsPerSecond / 2;  // servers under load are a little late
  const RcbState* block = stream.block;
  if (block == nullptr || stream.watched_since == 0) return;
  const std::uint64_t intg_pd = block->control->intg_pd.value_or(0);
  if (intg_pd == 0 || !block->integrity_trigger()) return;
  const auto period = static_cast<TimeNs>(std::min<std::uint64_t>(intg_pd, 1u << 30)) * kNsPerMs;
  const TimeNs silence = until.clock - stream.watched_since;
  if (silence <= 2 * period + kSlip) return;
  if (missing_so_far(context) != stream.watched_losses) return;
  for (const WindowStall& stall : stalls_) {  // the client did not read: the server could not send
    if (stall.closed.clock < until.clock &&
        (stall.reopened.number == 0 || stall.reopened.clock > stream.watched_since)) {
      return;
    }
  }
  if (context.association.connection->facts[index(context.association.client)].window_closed) {
    return;
  }
  Finding* f = context.findings.raise("report-stopped", context.association, stream.watched_frame)
                   .object(stream.name)
                   .also(until)
                   .put();
  if (f == nullptr) return;
  f->message =
      fmt::format("No report for {} though one is due every {} and the association is open.",
                  duration_text(silence), duration_text(period));
  f->evidence.set("silence_s", seconds_between(stream.watched_frame, until));
  f->evidence.set("integrity_period_ms", static_cast<std::int64_t>(intg_pd));
  if (last_answer_.number == 0 || last_answer_.clock <= stream.watched_since + period) return;
  f->cause = fmt::format(
      "The server still answers (frame {}): only its reporting stopped, or another client disabled "
      "the block or changed its period.",
      last_answer_.number);
  f->next_step =
      "Read the block (RptEna, IntgPd, Owner). If it is still enabled, disable and enable it "
      "again, "
      "and report the fault to the vendor of the server.";
}

// Blocks that were enabled and whose reports were not seen: while reports come that could be
// theirs they have not stopped.
void ReportTracker::check_silent_blocks(Context& context, FrameRef closed) {
  const std::uint64_t losses = missing_so_far(context);
  for (RcbState& block : blocks_.blocks()) {
    if (!block.enabled || block.report.segments != 0 || losses != block.pending_losses) continue;
    bool could_be = !block.rpt_id && last_unattributed_.number > block.enabled_at.number;
    each_stream_of(block.effective_rpt_id(), [&](const Stream& stream) {
      could_be = could_be || stream.last.number > block.enabled_at.number;
    });
    if (could_be) continue;
    Stream silent;
    silent.block = &block;
    silent.name = block.reference;
    silent.watched_since = block.enabled_at.clock;
    silent.watched_frame = block.enabled_at;
    silent.watched_losses = losses;
    check_silence(context, silent, closed);
  }
}

}  // namespace mmsa::analysis
