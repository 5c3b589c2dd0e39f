namespace Actors.Host.Reporting;

/// <summary>What <c>auto</c> takes.</summary>
/// <param name="Backend">Which backend.</param>
/// <param name="Reason">Why.</param>
internal sealed record AutoReport(string Backend, string Reason);
