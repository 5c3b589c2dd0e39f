using Actors.Engine.Drivers;

namespace Actors.Adversary.Playing;

/// <summary>Looks at one engine's life from beside it: lets go what is stuck after a while, and finds calls that do not
/// end.</summary>
internal sealed class Watch : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private readonly World _world;
    private readonly EngineLife _life;
    private readonly Random _dice;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _looking;

    private Watch(World world, EngineLife life, Random dice)
    {
        _world = world;
        _life = life;
        _dice = new Random(dice.Next());
        _looking = Task.Run(LookAsync);
    }

    public static Watch Begin(World world, EngineLife life, Random dice) => new(world, life, dice);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _looking;
        _end.Dispose();
    }

    private async Task LookAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        var patience = NextPatience();
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
            {
                if (_life.StopHasBegun)
                {
                    continue;
                }

                LookForOverdue();
                if (_life.Gate.HeldFor > patience)
                {
                    _life.Gate.Open();
                    patience = NextPatience();
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private void LookForOverdue()
    {
        foreach (var call in _life.Calls.Pending)
        {
            if (call.Age > Patience && _life.Calls.Standstill > Patience)
            {
                _world.Breach($"{call.Name} has not ended for {call.Age.TotalSeconds:0} s", isHang: true);
            }

            if (call.IsLimited && _world.Plan.OperationTimeout is { } limit && IsBegunAtOnce
                && call.Age > limit + Grace && _life.Gate.HeldFor > limit + Grace)
            {
                _world.Breach(
                    $"{call.Name} has not ended for {call.Age.TotalSeconds:0.0} s, while the disk stands still and the "
                    + $"time limit is {limit.TotalSeconds} s", isHang: true);
            }
        }
    }

    /// <summary>Whether no operation waits for one that is stuck before the kernel gets it.</summary>
    private bool IsBegunAtOnce => _life.Engine.Backend == BackendNames.IoUring;

    /// <summary>How long something may be stuck: mostly not long; with a time limit sometimes longer than that.</summary>
    private TimeSpan NextPatience() => _world.Plan.OperationTimeout is { } limit && _dice.Next(2) == 0
        ? limit + Grace + TimeSpan.FromMilliseconds(300)
        : TimeSpan.FromMilliseconds(_dice.Next(200));
}
