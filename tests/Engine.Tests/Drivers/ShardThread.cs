using System.Runtime.ExceptionServices;

namespace Actors.Engine.Tests.Drivers;

/// <summary>Runs a test on a thread of its own, as a driver has one; one that hangs fails at a deadline.</summary>
internal static class ShardThread
{
    /// <summary>Far above what any test needs on a busy machine.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static void Run(Action test)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                test();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        })
        {
            IsBackground = true,
            Name = "shard",
        };
        thread.Start();
        if (!thread.Join(Deadline))
        {
            throw new TimeoutException($"The test did not end within {Deadline}: a wait was not ended.");
        }

        failure?.Throw();
    }
}
