namespace Actors.Engine.Drivers;

/// <summary>This machine cannot run a driver. The message says why and what to do about it.</summary>
internal sealed class DriverUnavailableException(string reason, string remedy, int errno = 0)
    : Exception($"{reason} {remedy}")
{
    /// <summary>What was tried and what the system said; one sentence.</summary>
    public string Reason { get; } = reason;

    /// <summary>What would help; one sentence.</summary>
    public string Remedy { get; } = remedy;

    /// <summary>What the system answered, if that was it; otherwise 0.</summary>
    public int Errno { get; } = errno;
}
