using Actors.Engine.Drivers;
using Xunit;

namespace Actors.Engine.Tests.Drivers;

/// <summary>Sleeping and waking, by eventfd and by the runtime's event.</summary>
public sealed class WakeSignalTests
{
    public static TheoryData<bool> Portable => OperatingSystem.IsLinux() ? [false, true] : [true];

    [Theory, MemberData(nameof(Portable))]
    public void A_note_left_awake_prevents_one_sleep(bool portable)
    {
        using var signal = new WakeSignal(portable);
        signal.Wake();
        signal.Wake();
        Assert.False(signal.TryLieDown());
        Assert.True(signal.TryLieDown());
        signal.Rise();
    }

    [Theory, MemberData(nameof(Portable))]
    public void A_wake_up_for_work_leaves_no_note(bool portable)
    {
        using var signal = new WakeSignal(portable);
        Assert.False(signal.WakeIfSleeping());
        Assert.True(signal.TryLieDown());
        Assert.True(signal.WakeIfSleeping());
        Assert.False(signal.WakeIfSleeping());
        signal.Sleep(-1);
        Assert.True(signal.TryLieDown());
        signal.Rise();
    }

    [Theory, MemberData(nameof(Portable))]
    public void No_wake_up_is_lost(bool portable) => ShardThread.Run(() =>
    {
        // Two threads send a token to and fro, each asleep until it has it: one lost wake-up stops both.
        const int Rounds = 20_000;
        using var here = new WakeSignal(portable);
        using var there = new WakeSignal(portable);
        var token = 0;
        var partner = new Thread(() => Play(odd: true, there, here));
        partner.Start();
        Play(odd: false, here, there);
        partner.Join();

        void Play(bool odd, WakeSignal own, WakeSignal other)
        {
            while (Volatile.Read(ref token) is var seen && seen < Rounds)
            {
                if (seen % 2 == (odd ? 1 : 0))
                {
                    Interlocked.Exchange(ref token, seen + 1);
                    if (seen % 5 == 0)
                    {
                        other.Wake();
                    }
                    else
                    {
                        other.WakeIfSleeping();
                    }
                }
                else if (own.TryLieDown())
                {
                    if (Volatile.Read(ref token) == seen)
                    {
                        own.Sleep(-1);
                    }
                    else
                    {
                        own.Rise();
                    }
                }
            }
        }
    });
}
