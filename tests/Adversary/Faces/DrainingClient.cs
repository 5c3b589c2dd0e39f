using System.Diagnostics;
using Actors.Adversary.Model;
using Actors.Engine;
using Akka.Actor;

namespace Actors.Adversary.Faces;

/// <summary>What a client on a file's shard saw of a drain behind its writes.</summary>
/// <param name="Report">The report.</param>
/// <param name="Refused">Writes that failed, for whatever reason.</param>
/// <param name="Closing">Those of them that failed for the drain.</param>
/// <param name="Took">The time to the report.</param>
internal sealed record DrainOutcome(Drained Report, int Refused, int Closing, TimeSpan Took);

/// <summary>
/// An actor on a file's own shard that sends as many writes as it has credits for, and a drain of the engine behind them
/// in the same turn, which may keep the thread for a while longer. What was sent before the drain is written, unless its
/// time is over; a file is finished only if nothing of it is unanswered.
/// </summary>
internal sealed class DrainingClient : UntypedActor
{
    private readonly IActorRef _file;
    private readonly IActorRef _coordinator;
    private readonly IReadOnlyList<Line> _lines;
    private readonly Drain _drain;
    private readonly TimeSpan _rest;
    private readonly TaskCompletionSource<DrainOutcome> _ended;
    private readonly List<Line> _unanswered;
    private int _refused;
    private int _closing;
    private long _drainedAt;
    private TimeSpan _took;
    private Drained? _report;

    public DrainingClient(
        IActorRef file,
        IActorRef coordinator,
        IReadOnlyList<Line> lines,
        Drain drain,
        TimeSpan rest,
        TaskCompletionSource<DrainOutcome> ended)
    {
        (_file, _coordinator, _lines, _drain, _rest, _ended) = (file, coordinator, lines, drain, rest, ended);
        _unanswered = [.. lines];
    }

    /// <param name="file">The file's actor.</param>
    /// <param name="coordinator">The engine's.</param>
    /// <param name="lines">What to append.</param>
    /// <param name="drain">What comes behind it.</param>
    /// <param name="rest">How long the client keeps the shard's thread then.</param>
    /// <param name="ended">Gets what was seen.</param>
    public static Props Props(
        IActorRef file,
        IActorRef coordinator,
        IReadOnlyList<Line> lines,
        Drain drain,
        TimeSpan rest,
        TaskCompletionSource<DrainOutcome> ended) =>
        Akka.Actor.Props.Create(() => new DrainingClient(file, coordinator, lines, drain, rest, ended));

    protected override void PreStart()
    {
        for (var i = 0; i < _lines.Count; i++)
        {
            _file.Tell(new Write(_lines[i].Bytes, Write.Append, i));
        }

        _drainedAt = Stopwatch.GetTimestamp();
        _coordinator.Tell(_drain);
        Thread.Sleep(_rest);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Written written:
                // The oldest that are not answered: a refusal may come before the answer to what was sent before.
                foreach (var line in _unanswered.Take(written.Count))
                {
                    line.Settle(line.Length);
                }

                _unanswered.RemoveRange(0, Math.Min(written.Count, _unanswered.Count));
                break;
            case CommandFailed { Command: Write write } failed:
                _refused++;
                _closing += failed.Reason == FailureReason.Closing ? 1 : 0;
                _unanswered.Remove(_lines[(int)write.Token]);
                if (failed.IsUnfinished)
                {
                    _lines[(int)write.Token].LeaveUnfinished(failed.BytesDone);
                }
                else
                {
                    _lines[(int)write.Token].Settle(failed.BytesDone);
                }

                break;
            case Drained report:
                _report = report;
                _took = Stopwatch.GetElapsedTime(_drainedAt);
                break;
        }

        if (_report is not null && _unanswered.Count == 0)
        {
            _ended.TrySetResult(new DrainOutcome(_report, _refused, _closing, _took));
        }
    }

    /// <summary>The system ends first.</summary>
    protected override void PostStop() =>
        _ended.TrySetResult(new DrainOutcome(_report ?? new Drained([]), _refused, 0, TimeSpan.MaxValue));
}
