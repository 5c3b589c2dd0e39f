namespace Actors.Engine.Configuration;

/// <summary><c>file</c>. An infinite timeout is <see cref="Timeout.InfiniteTimeSpan"/>; a null
/// <paramref name="CreditBytesTotal"/> is auto.</summary>
public sealed record FileSettings(
    int QueueMessages,
    int QueueBytes,
    int CreditMessages,
    int CreditBytes,
    long? CreditBytesTotal,
    int InFlight,
    TimeSpan OperationTimeout)
{
    internal static FileSettings Read(ConfigReader reader) => new(
        reader.GetInt("queue-messages", 1, 1_048_576),
        reader.GetBytes("queue-bytes", 1, 2047 << 20),
        reader.GetInt("credit-messages", 1, 1_048_576),
        reader.GetBytes("credit-bytes", 1, 2047 << 20),
        reader.GetBytesOrAuto("credit-bytes-total", 1 << 20, 1L << 40),
        reader.GetInt("in-flight", 1, 32_768),
        reader.GetDuration(
            "operation-timeout", TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(24), allowInfinite: true));
}
