using Actors.Engine;

namespace Actors.Simulation.Checking;

/// <summary>A command that was sent, and its one answer once that is there.</summary>
internal sealed class Sent(EngineCommand command, Client client, Handle? handle)
{
    public EngineCommand Command { get; } = command;

    public Client Client { get; } = client;

    /// <summary>The open file that it went to; null for what goes to the coordinator, and for an open before its
    /// answer.</summary>
    public Handle? Handle { get; } = handle;

    public EngineEvent? Answer { get; private set; }

    public bool IsAnswered => Answer is not null;

    public CommandFailed? Failure => Answer as CommandFailed;

    /// <summary>What a read has to find, byte by byte, as of when it was sent; -1 where anything goes.</summary>
    public short[]? Expected { get; init; }

    /// <summary>The file's <see cref="FileModel.Version"/> when it was sent.</summary>
    public long Version { get; init; }

    /// <summary>The file that it opens was there when it was sent.</summary>
    public bool WasThere { get; init; }

    /// <summary>It failed in a way that leaves open whether it was performed.</summary>
    public bool IsUncertain => Failure is { } failure
        && (failure.Reason is FailureReason.TimedOut or FailureReason.Unexpected
            || (failure.Reason == FailureReason.Closing && Handle is not { MayBeStopped: false }));

    /// <summary>A cancel with its token was sent.</summary>
    public bool IsCancelled { get; set; }

    /// <summary>It went beyond what the file's credits allow.</summary>
    public bool IsOverCredit { get; init; }

    public void Take(EngineEvent answer) => Answer = answer;

    public override string ToString() => $"{Command.GetType().Name} of {Client.Name}"
        + Command switch
        {
            Write write => $" (token {write.Token}, {write.Data.Length} bytes at {write.Offset})",
            Truncate truncate => $" (token {truncate.Token}, to {truncate.Length})",
            FileCommand file => $" (token {Client.TokenOf(file)})",
            _ => $" ({Command})",
        };
}
