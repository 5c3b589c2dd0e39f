using System.Globalization;
using Akka.Actor;

namespace Actors.Reliability.Soak.Sampling;

/// <summary>What the process holds at one moment.</summary>
/// <param name="At">Since the load began.</param>
/// <param name="Heap">Bytes that live on the managed heap, after a collection.</param>
/// <param name="Resident">Bytes of memory that are resident.</param>
/// <param name="Leased">Buffers that are out.</param>
/// <param name="Descriptors">Of the process.</param>
/// <param name="Threads">Of the process.</param>
/// <param name="Actors">Of all actor systems.</param>
internal sealed record Sample(
    TimeSpan At, long Heap, long Resident, long Leased, long Descriptors, long Threads, long Actors)
{
    /// <summary>Takes one.</summary>
    public static Sample Take(TimeSpan at, IReadOnlyList<SoakEngine> engines)
    {
        // What finalizers let go of is collected too: files that were forgotten are closed by them.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return new Sample(
            at,
            GC.GetTotalMemory(forceFullCollection: false),
            Status("RssAnon:") + Status("RssFile:") + Status("RssShmem:"),
            engines.Sum(engine => engine.Engine.Shards.Sum(shard => (long)shard.Buffers.Leased)),
            Directory.GetFileSystemEntries("/proc/self/fd").Length,
            Status("Threads:"),
            engines.Sum(engine => CountActors(engine.System)));
    }

    // proc(5): sizes are in kB, the number of threads is plain.
    private static long Status(string name)
    {
        foreach (var line in File.ReadLines("/proc/self/status"))
        {
            if (line.StartsWith(name, StringComparison.Ordinal))
            {
                var value = line.AsSpan(name.Length).Trim();
                return value.EndsWith("kB")
                    ? 1024 * long.Parse(value[..^2].Trim(), CultureInfo.InvariantCulture)
                    : long.Parse(value, CultureInfo.InvariantCulture);
            }
        }

        return 0;
    }

    private static long CountActors(ActorSystem system)
    {
        var provider = ((ExtendedActorSystem)system).Provider;
        return Count(provider.Guardian) + Count(provider.SystemGuardian);

        static long Count(IActorRef actor) => actor is ActorRefWithCell parent ? 1 + parent.Children.Sum(Count) : 1;
    }
}
