using System.Text;
using Actors.Adversary.Model;
using Actors.Adversary.Playing;
using Actors.Engine;

namespace Actors.Adversary.Faces;

/// <summary>A <see cref="FileWriter"/> at the end of a log: bytes, text and lines, gathered, flushed, synced.</summary>
internal sealed class WriterFace(World world, EngineLife life) : Face(world, life)
{
    private readonly List<(Line Line, long Start)> _accepted = [];
    private int _sequence;
    private bool _isUnfinished;
    private bool _isOver;

    protected override string Name => "FileWriter";

    protected override async Task RunAsync()
    {
        var log = OneIn(2) ? World.AnyLog(Dice) ?? World.NewLog() : World.NewLog();
        for (var left = World.Plan.Steps; left > 0 && !Life.StopHasBegun; left--)
        {
            var options = new FileWriterOptions { BufferSize = 4096 << Dice.Next(5) };
            var opened = await CallAsync(
                "OpenWriterAsync", token => Engine.OpenWriterAsync(log.Path, OpenMode.Append, options, token),
                [FailureReason.AlreadyOpen]);
            if (opened.Value is not { } writer)
            {
                log = opened.Reason == FailureReason.AlreadyOpen ? World.NewLog() : log;
                continue;
            }

            (_isOver, _isUnfinished) = (false, false);
            for (var steps = Dice.Next(1, 30); steps > 0 && left > 0 && !_isOver; steps--, left--)
            {
                await StepAsync(log, writer);
            }

            var disposed = await CallAsync("DisposeAsync", _ => writer.DisposeAsync(), cancels: false);
            Note(disposed, writer, everything: true);
            if (_isUnfinished)
            {
                log = World.NewLog();
            }
        }
    }

    private async Task StepAsync(LogModel log, FileWriter writer)
    {
        switch (Dice.Next(12))
        {
            case 0 or 1:
                var accepted = writer.Accepted;
                var flushed = await CallAsync("FlushAsync", token => writer.FlushAsync(token), isLimited: true);
                if (flushed.IsDone && writer.Written < accepted)
                {
                    World.Breach($"{log.Path}: flushed, and {writer.Written} of {accepted} bytes are written");
                }

                Note(flushed, writer, flushed.IsDone);
                break;
            case 2:
                var synced = await CallAsync("SyncAsync", token => writer.SyncAsync(SyncScope.Data, token));
                Note(synced, writer, synced.IsDone);
                break;
            default:
                await WriteAsync(log, writer);
                break;
        }
    }

    private async Task WriteAsync(LogModel log, FileWriter writer)
    {
        var line = log.Begin(Number, _sequence++, Length(), World.Step());
        var text = Encoding.ASCII.GetString(line.Bytes);
        var before = writer.Accepted;
        var outcome = Dice.Next(4) switch
        {
            0 => await CallAsync("WriteAsync of bytes", token => writer.WriteAsync(line.Bytes, token)),
            1 => await CallAsync("WriteAsync of text", token => writer.WriteAsync(text, token)),
            2 => await CallAsync(
                "WriteLineAsync of bytes", token => writer.WriteLineAsync(line.Bytes.AsMemory(..^1), token)),
            _ => await CallAsync("WriteLineAsync of text", token => writer.WriteLineAsync(text[..^1], token)),
        };
        var count = writer.Accepted - before;
        if (count == line.Length)
        {
            _accepted.Add((line, before));
        }
        else
        {
            line.Settle(0);
            if (count != 0 || outcome.IsDone)
            {
                World.Breach($"{log.Path}: a write of {line.Length} bytes brought {count}");
            }
        }

        Note(outcome, writer, everything: false);
    }

    /// <summary>What an outcome says of what was accepted before.</summary>
    private void Note<T>(Outcome<T> outcome, FileWriter writer, bool everything)
    {
        // A failure tells of its own call's bytes; those that were accepted before may still be in the kernel.
        _isUnfinished |= outcome.IsUnfinished
            || outcome.Reason is FailureReason.Closing or FailureReason.NotOpen or FailureReason.TimedOut;
        var failed = outcome.Failure is FileEngineException or ObjectDisposedException;
        _isOver |= failed;
        if (!everything)
        {
            return;
        }

        foreach (var (line, start) in _accepted)
        {
            // A failure is told once: the disposal after it says nothing of what was lost.
            var done = !_isOver ? line.Length : writer.Written - start;
            if (_isUnfinished)
            {
                line.LeaveUnfinished(done);
            }
            else
            {
                line.Settle(done);
            }
        }

        _accepted.Clear();
    }
}
