using Actors.Simulation.Disk;

namespace Actors.Simulation.Checking;

/// <summary>What a seed makes of a run: sizes, limits, what goes wrong, and how it ends.</summary>
internal sealed record SimulationPlan
{
    public required int Actions { get; init; }

    public required int Shards { get; init; }

    /// <summary>Operations that a driver has room for.</summary>
    public required int Depth { get; init; }

    public required int BackendInFlight { get; init; }

    public required int FileInFlight { get; init; }

    public required int Credits { get; init; }

    /// <summary>Commands that a file's mailbox takes.</summary>
    public int QueueMessages => 2 * Credits;

    public required int Journals { get; init; }

    public required int OpenFilesMax { get; init; }

    public required DiskFaults Faults { get; init; }

    public required Finale Finale { get; init; }

    /// <summary>Whether actors are stopped, restarted and made to throw.</summary>
    public required bool Violence { get; init; }

    /// <summary>Every run differs in all of it; about one in four is without any fault.</summary>
    public static SimulationPlan Draw(Random random)
    {
        double Rarely(double most) => random.Next(2) == 0 ? 0 : random.NextDouble() * most;

        var clean = random.Next(4) == 0;
        var inFlight = random.Next(1, 9);
        return new SimulationPlan
        {
            Actions = random.Next(50, 400),
            Shards = random.Next(1, 4),
            Depth = random.Next(1, 9),
            BackendInFlight = inFlight,
            FileInFlight = random.Next(1, inFlight + 1),
            Credits = random.Next(4, 33),
            Journals = random.Next(1, 4),
            OpenFilesMax = random.Next(2, 12),
            Violence = random.Next(2) == 0,
            Finale = (Finale)random.Next(Enum.GetValues<Finale>().Length),
            Faults = new DiskFaults
            {
                Short = Rarely(0.5),
                Transient = Rarely(0.3),
                Inline = Rarely(0.5),
                Busy = Rarely(0.3),
                CancelWorks = Rarely(1),
                LatencyMax = TimeSpan.FromMicroseconds(random.Next(1, 2000)),
                Error = clean ? 0 : Rarely(0.1),
                Sync = clean ? 0 : Rarely(0.2),
                Stuck = clean ? 0 : Rarely(0.02),
            },
        };
    }

    /// <summary>The engine's settings for it.</summary>
    public string ToHocon() =>
        $$"""
        actors.engine {
          backend-name = sync
          shards = {{Shards}}
          event-loop.spin = 0
          coordinator { open-files-max = {{OpenFilesMax}}, open-queue-timeout = 100ms, placement-run = 1 }
          file {
            credit-messages = {{Credits}}, queue-messages = {{QueueMessages}}
            credit-bytes = 16KiB, queue-bytes = 64KiB
            in-flight = {{FileInFlight}}
          }
          writer.buffer-size = 4KiB
          reader { chunk-size = 4KiB, line-size-max = 8KiB }
          buffers.size-max = {{Shards * 64}}KiB
          backend.in-flight = {{BackendInFlight}}
        }
        """;
}

/// <summary>How a run ends.</summary>
internal enum Finale
{
    /// <summary>Every file is closed by its client.</summary>
    Close,

    /// <summary>The engine is drained, with time enough.</summary>
    Drain,

    /// <summary>The engine is drained, and the deadline passes.</summary>
    DrainTooShort,

    /// <summary>The actor system is stopped in the middle of everything.</summary>
    Terminate,
}
