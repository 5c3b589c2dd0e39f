namespace Actors.Host.Reporting;

/// <summary>The files' command queues in one run.</summary>
/// <param name="HighWater">Most commands that one file had unanswered.</param>
/// <param name="Refused">Commands refused because a queue was full.</param>
internal sealed record MailboxReport(long HighWater, long Refused);
