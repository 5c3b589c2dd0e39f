using Actors.Adversary.Model;
using Actors.Adversary.Plan;
using Actors.Adversary.Playing;
using Actors.Engine;
using Actors.Engine.Drivers;

namespace Actors.Adversary.Faces;

/// <summary>
/// A client of the engine, that uses one of the ways there are to it. It does what its dice say until it is done or the
/// engine stops, tells its models what it was told, and notes whatever cannot be right.
/// </summary>
internal abstract class Face
{
    private readonly World _world;
    private int _sequence;

    protected Face(World world, EngineLife life)
    {
        _world = world;
        Life = life;
        Number = world.NextNumber();
        Dice = new SharedDice(Seeds.Of(world.Plan.Seed, Number));
    }

    protected World World => _world;

    protected EngineLife Life { get; }

    protected FileEngine Engine => Life.Engine;

    /// <summary>Who writes, in stamps.</summary>
    protected int Number { get; }

    protected Random Dice { get; }

    /// <summary>Of the way, in the report.</summary>
    protected abstract string Name { get; }

    public async Task PlayAsync()
    {
        try
        {
            await RunAsync();
        }
        catch (Exception e)
        {
            _world.Breach($"{Name} {Number}: {e}");
        }
    }

    protected abstract Task RunAsync();

    /// <summary>One chance in so many.</summary>
    protected bool OneIn(int many) => Dice.Next(many) == 0;

    /// <summary>Bytes that nobody else writes.</summary>
    protected byte[] Data(int length) =>
        Stamp.Bytes(Number, Interlocked.Increment(ref _sequence), Math.Max(length, Stamp.LengthMin))[..length];

    /// <summary>A length of a write: small, as large as a buffer, or larger than all the credit.</summary>
    protected int Length() => Dice.Next(12) switch
    {
        < 7 => Dice.Next(Stamp.LengthMin, 300),
        < 10 => Dice.Next(300, 9000),
        10 => Dice.Next(9000, 70_000),
        _ => Dice.Next(70_000, 400_000),
    };

    /// <summary>Makes a call, waits for its outcome and judges whether there may be such a one.</summary>
    /// <param name="call">Its name.</param>
    /// <param name="perform">Makes it.</param>
    /// <param name="mayBe">Reasons of a failure that are right without any fault of the disk.</param>
    /// <param name="cancels">Whether it may be taken back.</param>
    /// <param name="isLimited">Whether the time limit of operations bounds it.</param>
    /// <param name="mayBlock">Whether it makes system calls on a thread of the caller's.</param>
    protected async Task<Outcome<T>> CallAsync<T>(
        string call,
        Func<CancellationToken, ValueTask<T>> perform,
        FailureReason[]? mayBe = null,
        bool cancels = true,
        bool isLimited = false,
        bool mayBlock = false)
    {
        _world.Step();
        using var source = new CancellationTokenSource();
        var cancel = cancels && OneIn(6) ? Dice.Next(1, 4) : 0;
        if (cancel == 1)
        {
            // At once: the order of calls is that of their beginnings.
            source.Cancel();
        }

        Outcome<T> outcome;
        bool stopped;
        using (var pending = Life.Calls.Begin($"{Name}.{call}", isLimited, mayBlock))
        {
            try
            {
                pending.Enter();
                var task = perform(source.Token);
                pending.Leave();
                await CancelAsync(source, cancel);
                outcome = new Outcome<T>(await task, null);
            }
            catch (Exception e)
            {
                outcome = new Outcome<T>(default, e);
            }

            stopped = Life.StopHasBegun;
        }

        Judge(call, outcome, mayBe ?? [], cancel > 0, stopped);
        return outcome;
    }

    protected Task<Outcome<bool>> CallAsync(
        string call,
        Func<CancellationToken, ValueTask> perform,
        FailureReason[]? mayBe = null,
        bool cancels = true,
        bool isLimited = false,
        bool mayBlock = false) => CallAsync(
            call,
            async token =>
            {
                await perform(token);
                return true;
            },
            mayBe, cancels, isLimited, mayBlock);

    /// <summary>Counts an outcome, and notes one that cannot be.</summary>
    protected void Judge<T>(
        string call, Outcome<T> outcome, FailureReason[] mayBe, bool isCancelled, bool stopped)
    {
        _world.Tally.Count("calls", $"{Name}.{call}");
        if (!outcome.IsDone)
        {
            _world.Tally.Count("failures", outcome.Name);
        }

        if (WhyNot(outcome.Failure, mayBe, isCancelled, stopped) is { } why)
        {
            _world.Breach($"{Name} {Number}, {call}: {why}: {Describe(outcome.Failure!)}");
        }
    }

    private string? WhyNot(Exception? failure, FailureReason[] mayBe, bool isCancelled, bool stopped)
    {
        switch (failure)
        {
            case null:
                return null;
            case OperationCanceledException:
                return isCancelled ? null : "cancelled, and nobody did";
            case ObjectDisposedException when stopped:
                return null;
            case FileEngineException e when mayBe.Contains(e.Reason):
                return null;
            case FileEngineException { Reason: FailureReason.Unexpected }:
                return "a defect of the engine";
            case FileEngineException { Reason: FailureReason.MailboxFull }:
                return "a caller is never refused for want of room";
            case FileEngineException { Reason: FailureReason.Cancelled }:
                return isCancelled ? null : "cancelled, and nobody did";
            case FileEngineException { Reason: FailureReason.Closing or FailureReason.NotOpen }:
                return stopped ? null : "closing, and nobody stops the engine";
            case FileEngineException { IsUnfinished: true, Reason: not FailureReason.TimedOut }:
                return "unfinished, and not for a stop or a time limit";
            case FileEngineException { Reason: FailureReason.TimedOut }:
                // A shard's thread that was stuck in one call may be stuck in the next before it learns what has come back.
                return World.Plan.OperationTimeout is { } limit
                    && Life.Dice.Longest >= (World.Plan.Faults.Stuck > 0 ? 0.4 : 0.8) * limit
                    ? null
                    : $"no call took longer than {Life.Dice.Longest.TotalMilliseconds:0} ms";
            case FileEngineException { Reason: FailureReason.TooManyOpenFiles }:
                return null;
            case FileEngineException { Reason: FailureReason.OutOfResources, Errno: Errno.EAGAIN }
                when World.Plan.MayStandStill:
                // While the kernel keeps a shard's thread, nobody asks it anything for the files of that shard.
                return null;
            case FileEngineException:
                return World.Plan.Faults.HasErrors ? null : "the disk is sound";
            default:
                return "no such exception is promised";
        }
    }

    private static string Describe(Exception failure) => failure is FileEngineException e
        ? $"{e.Reason} {e.Errno} {e.BytesDone}: {e.Message}{(e.InnerException is { } inner ? $" {inner}" : "")}"
        : failure.ToString();

    private static async ValueTask CancelAsync(CancellationTokenSource source, int how)
    {
        if (how < 2)
        {
            return;
        }

        for (var i = 2; i < how; i++)
        {
            await Task.Yield();
        }

        await source.CancelAsync();
    }
}
