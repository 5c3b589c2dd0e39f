using Actors.Adversary.Model;
using Actors.Engine;
using Akka.Actor;

namespace Actors.Adversary.Faces;

/// <summary>
/// An actor on a file's own shard that sends as many writes as it has credits for, and a drain of the engine behind them
/// in the same turn, which may keep the thread for a while longer. What was sent before the drain is written, unless its time is over; a file is finished only if
/// nothing of it is unanswered.
/// </summary>
internal sealed class DrainingClient : UntypedActor
{
    private readonly IActorRef _file;
    private readonly IActorRef _coordinator;
    private readonly IReadOnlyList<Line> _lines;
    private readonly Drain _drain;
    private readonly TimeSpan _rest;
    private readonly TaskCompletionSource<(Drained Report, int Refused)> _ended;
    private int _answered;
    private int _refused;
    private Drained? _report;

    private DrainingClient(
        IActorRef file,
        IActorRef coordinator,
        IReadOnlyList<Line> lines,
        Drain drain,
        TimeSpan rest,
        TaskCompletionSource<(Drained Report, int Refused)> ended)
    {
        (_file, _coordinator, _lines, _drain, _rest, _ended) = (file, coordinator, lines, drain, rest, ended);
    }

    /// <param name="file">The file's actor.</param>
    /// <param name="coordinator">The engine's.</param>
    /// <param name="lines">What to append.</param>
    /// <param name="drain">What comes behind it.</param>
    /// <param name="rest">How long the client keeps the shard's thread then.</param>
    /// <param name="ended">Gets the report of the drain and how many of the writes were refused.</param>
    public static Props Props(
        IActorRef file,
        IActorRef coordinator,
        IReadOnlyList<Line> lines,
        Drain drain,
        TimeSpan rest,
        TaskCompletionSource<(Drained Report, int Refused)> ended) =>
        Akka.Actor.Props.Create(() => new DrainingClient(file, coordinator, lines, drain, rest, ended));

    protected override void PreStart()
    {
        for (var i = 0; i < _lines.Count; i++)
        {
            _file.Tell(new Write(_lines[i].Bytes, Write.Append, i));
        }

        _coordinator.Tell(_drain);
        Thread.Sleep(_rest);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Written written:
                for (var i = 0; i < written.Count; i++)
                {
                    _lines[_answered].Settle(_lines[_answered].Length);
                    _answered++;
                }

                break;
            case CommandFailed { Command: Write write } failed:
                _refused++;
                _answered++;
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
                break;
        }

        if (_report is not null && _answered == _lines.Count)
        {
            _ended.TrySetResult((_report, _refused));
        }
    }

    /// <summary>The system ends first.</summary>
    protected override void PostStop() => _ended.TrySetResult((_report ?? new Drained([]), _refused));
}
