using Actors.Engine.Drivers;

namespace Actors.Adversary.Plan;

/// <summary>How an engine's life ends in the middle of everything.</summary>
internal enum StopKind
{
    /// <summary>When all clients are done.</summary>
    Quiet,

    /// <summary><c>Drain</c> to the coordinator, then the end of the system.</summary>
    Drain,

    /// <summary>What <c>FileEngine.DisposeAsync</c> does: CoordinatedShutdown.</summary>
    Dispose,

    /// <summary>The actor system terminates.</summary>
    Terminate,
}

/// <summary>What a program is made of, all from its seed.</summary>
internal sealed record ProgramPlan
{
    private static readonly string[] Favourites =
    [
        BackendNames.Auto, BackendNames.Auto, BackendNames.Auto, BackendNames.Auto, BackendNames.IoUring,
        BackendNames.IoUring, BackendNames.ThreadPool, BackendNames.ThreadPool, BackendNames.Sync,
        BackendNames.SyncThread, BackendNames.LinuxAio,
    ];

    public required int Seed { get; init; }

    public required string Backend { get; init; }

    /// <summary>Settings of the engine, apart from the backend.</summary>
    public required string Hocon { get; init; }

    /// <summary>One for each life of an engine on the same files.</summary>
    public required IReadOnlyList<StopKind> Stops { get; init; }

    /// <summary>What the disk does.</summary>
    public required FaultRates Faults { get; init; }

    public required int Clients { get; init; }

    /// <summary>Calls of a client, about.</summary>
    public required int Steps { get; init; }

    public TimeSpan? OperationTimeout { get; init; }

    public required TimeSpan DrainTimeout { get; init; }

    /// <summary>Calls on a file that may be unanswered; null for the default.</summary>
    public required int? CreditMessages { get; init; }

    /// <summary>Whether another process is at the same files.</summary>
    public required bool HasNeighbours { get; init; }

    /// <summary>Whether activity listeners and a log that throw are there.</summary>
    public required bool HasListeners { get; init; }

    /// <summary>Whether a stop lets the disk stand still until it is over.</summary>
    public required bool FreezesAtStop { get; init; }

    /// <summary>Whether the kernel may keep a shard's thread, or with a time limit for so long that a substitute takes its
    /// place: which a busy machine does as well.</summary>
    public bool MayStandStill => Faults.Stuck > 0 || FreezesAtStop || OperationTimeout is not null;

    /// <param name="seed">Any number.</param>
    /// <param name="available">The backends of this machine.</param>
    /// <param name="backend">Instead of the one that the seed draws.</param>
    public static ProgramPlan Of(int seed, IReadOnlyList<string> available, string? backend = null)
    {
        var dice = new Random(seed);
        var drawn = Favourites[dice.Next(Favourites.Length)];
        backend ??= available.Contains(drawn) ? drawn : BackendNames.ThreadPool;
        var stops = Enumerable.Range(0, dice.Next(1, 4)).Select(_ => (StopKind)dice.Next(4)).ToArray();
        TimeSpan? limit = dice.Next(4) == 0 && backend is not (BackendNames.Sync or BackendNames.SyncThread
            or BackendNames.LinuxAio)
            ? TimeSpan.FromMilliseconds(dice.Next(2) == 0 ? 400 : 1000)
            : null;
        var drain = TimeSpan.FromMilliseconds(dice.Next(2) == 0 ? 300 : 3000);
        int? credits = dice.Next(3) == 0 ? dice.Next(1, 20) : null;
        return new ProgramPlan
        {
            Seed = seed,
            Backend = backend,
            Stops = stops,
            Faults = FaultRates.Draw(dice, limit is not null),
            Clients = dice.Next(2, 7),
            Steps = dice.Next(5, 40),
            OperationTimeout = limit,
            DrainTimeout = drain,
            HasNeighbours = dice.Next(3) == 0,
            HasListeners = dice.Next(4) == 0,
            FreezesAtStop = dice.Next(4) == 0,
            CreditMessages = credits,
            Hocon = Settings(dice, limit, drain, credits),
        };
    }

    public override string ToString() =>
        $"seed {Seed}: {Backend}, {Clients} clients of {Steps} steps, stops {string.Join('+', Stops)}, "
        + $"faults {Faults}{(OperationTimeout is { } limit ? $", operation-timeout {limit.TotalMilliseconds} ms" : "")}"
        + $", drain-timeout {DrainTimeout.TotalMilliseconds} ms{(FreezesAtStop ? ", frozen at the stop" : "")}"
        + $"{(HasNeighbours ? ", neighbours" : "")}{(HasListeners ? ", listeners" : "")}; {Hocon.ReplaceLineEndings(" ")}";

    private static string Settings(Random dice, TimeSpan? limit, TimeSpan drain, int? credits)
    {
        List<string> lines =
        [
            $"shards = {dice.Next(1, 4)}",
            $"coordinator.drain-timeout = {drain.TotalMilliseconds}ms",
            "backend.linux-aio.allow-buffered = on",
            "backend.sync-thread.threads-max = 12",
            $"writer.coalesce = {(dice.Next(2) == 0 ? "on" : "off")}",
            $"writer.acknowledge = {(dice.Next(2) == 0 ? "each" : "cumulative")}",
        ];
        if (limit is { } time)
        {
            lines.Add($"file.operation-timeout = {time.TotalMilliseconds}ms");
        }

        if (dice.Next(3) == 0)
        {
            lines.Add($"coordinator.open-files-max = {dice.Next(2, 6)}");
        }

        if (credits is { } messages)
        {
            lines.Add($"file.credit-messages = {messages}");
            lines.Add($"file.queue-messages = {messages * dice.Next(1, 3)}");
        }

        if (dice.Next(4) == 0)
        {
            lines.Add("file.in-flight = 1");
        }

        if (dice.Next(4) == 0)
        {
            lines.Add("buffers.size-max = 3MiB");
        }

        if (dice.Next(6) == 0)
        {
            lines.Add("writer.durability = data-sync");
        }

        return string.Join('\n', lines.Select(line => $"actors.engine.{line}"));
    }
}
