using Actors.Adversary.Model;
using Actors.Adversary.Playing;
using Actors.Engine;

namespace Actors.Adversary.Faces;

/// <summary>Several callers who append to one open file, and look at it.</summary>
internal sealed class AppendFace(World world, EngineLife life) : Face(world, life)
{
    private int _callers;

    protected override string Name => "EngineFile";

    protected override async Task RunAsync()
    {
        var log = OneIn(2) ? World.AnyLog(Dice) ?? World.NewLog() : World.NewLog();
        for (var left = World.Plan.Steps; left > 0 && !Life.StopHasBegun;)
        {
            var mode = OneIn(2) ? OpenMode.Append : OpenMode.ReadWrite;
            var options = new OpenOptions
            {
                Durability = OneIn(8) ? Durability.DataSync : null,
                Coalesce = OneIn(4) ? OneIn(2) : null,
            };
            var opened = await CallAsync(
                "OpenAsync", token => Engine.OpenAsync(log.Path, mode, options, token), [FailureReason.AlreadyOpen]);
            left--;
            if (opened.Value is not { } file)
            {
                // Another client has it, or a call of an earlier open may still be in the kernel.
                log = opened.Reason == FailureReason.AlreadyOpen ? World.NewLog() : log;
                continue;
            }

            var steps = Math.Min(left, Dice.Next(1, 20));
            left -= steps;
            var callers = Enumerable.Range(0, Dice.Next(1, 4))
                .Select(_ => new Caller(this, log, file, steps, new Random(Dice.Next()))).ToArray();
            await Task.WhenAll(callers.Select(caller => Task.Run(caller.RunAsync)));
            var disposed = await CallAsync("DisposeAsync", _ => file.DisposeAsync(), cancels: false);
            if (disposed.IsUnfinished || callers.Any(caller => caller.HasLeftSomething))
            {
                log = World.NewLog();
            }
        }
    }

    /// <summary>One of those who share the file.</summary>
    private sealed class Caller(AppendFace face, LogModel log, EngineFile file, int steps, Random dice)
    {
        private readonly int _number = (face.Number << 6) + Interlocked.Increment(ref face._callers);
        private int _sequence;
        private bool _isOver;

        /// <summary>A call of it may still be in the kernel.</summary>
        public bool HasLeftSomething { get; private set; }

        public async Task RunAsync()
        {
            for (var i = 0; i < steps && !_isOver; i++)
            {
                await StepAsync();
            }
        }

        private Task StepAsync() => dice.Next(20) switch
        {
            < 9 => AppendAsync(face.Length()),
            < 13 => BurstAsync(dice.Next(2, 40), () => dice.Next(Stamp.LengthMin, 3000)),
            13 => BurstAsync(dice.Next(40, 250), () => dice.Next(Stamp.LengthMin, 300)),
            14 => NothingAsync(),
            15 => SyncAsync(),
            16 => StatAsync(),
            17 => AllocateAsync(),
            18 when file.Mode == OpenMode.ReadWrite => ReadAsync(),
            _ => AppendAsync(dice.Next(Stamp.LengthMin, 200)),
        };

        private Task AppendAsync(int length) => AppendAsync(Begin(length), cancels: true);

        private Line Begin(int length) => log.Begin(_number, _sequence++, length, face.World.Step());

        private async Task AppendAsync(Line line, bool cancels)
        {
            var outcome = await face.CallAsync(
                "AppendAsync", token => file.AppendAsync(line.Bytes, token), cancels: cancels, isLimited: true);
            Note(line, outcome);
        }

        private void Note(Line line, Outcome<bool> outcome)
        {
            if (outcome.IsDone)
            {
                line.Settle(line.Length);
            }
            else if (outcome.IsUnfinished)
            {
                line.LeaveUnfinished(outcome.BytesDone);
            }
            else
            {
                line.Settle(outcome.BytesDone);
            }

            End(outcome);
        }

        /// <summary>Many at once, none of them awaited before the last is sent.</summary>
        private async Task BurstAsync(int count, Func<int> length)
        {
            var calls = new List<Task>(count);
            for (var i = 0; i < count && !_isOver; i++)
            {
                calls.Add(AppendAsync(Begin(length()), cancels: true));
            }

            await Task.WhenAll(calls);
        }

        /// <summary>No bytes, far behind the end: which must not become the end.</summary>
        private async Task NothingAsync() => End(await face.CallAsync(
            "WriteAsync of nothing", token => file.WriteAsync(dice.Next(1 << 22), default, token)));

        private async Task SyncAsync()
        {
            var outcome = await face.CallAsync(
                "SyncAsync", token => file.SyncAsync(dice.Next(2) == 0 ? SyncScope.Data : SyncScope.All, token),
                isLimited: true);
            End(outcome);
        }

        private void End<T>(Outcome<T> outcome)
        {
            _isOver |= outcome.IsLast;
            HasLeftSomething |= outcome.IsUnfinished;
        }

        private async Task StatAsync()
        {
            var outcome = await face.CallAsync(
                "StatAsync", token => new ValueTask<FileStatus>(file.StatAsync(token)));
            End(outcome);
            if (outcome.Value is { IsFile: false })
            {
                face.World.Breach($"{log.Path} is no file: {outcome.Value}");
            }
        }

        private async Task AllocateAsync() => End(await face.CallAsync(
            "AllocateAsync", token => file.AllocateAsync(dice.Next(1 << 16), dice.Next(1, 1 << 20), token),
            [FailureReason.NotSupported]));

        private async Task ReadAsync()
        {
            var memory = new byte[dice.Next(1, 100_000)];
            var outcome = await face.CallAsync(
                "ReadAsync", token => file.ReadAsync(dice.Next(10_000), memory, token), isLimited: true);
            End(outcome);
            var wrong = outcome.IsDone ? memory.AsSpan(0, outcome.Value).IndexOfAnyExcept(Stamp.Alphabet) : -1;
            if (wrong >= 0)
            {
                face.World.Breach($"{log.Path}: read {Stamp.Show(memory.AsSpan(wrong))}");
            }
        }
    }
}
