using System.CommandLine;
using Actors.Reliability.Reporting;

namespace Actors.Reliability.Verbs;

/// <summary>A long run with options of its own, of which a report comes.</summary>
internal interface IVerb
{
    /// <summary>Its word on the command line.</summary>
    string Name { get; }

    /// <summary>What it does, in a sentence.</summary>
    string Description { get; }

    /// <summary>What can be said to it.</summary>
    IReadOnlyList<Option> Options { get; }

    /// <summary>Runs it.</summary>
    /// <param name="parsed">Where the options' values are.</param>
    /// <param name="progress">A line now and then, for whoever waits.</param>
    /// <param name="cancellation">Ends it early; the report says what was done by then.</param>
    /// <exception cref="VerbUsageException">It cannot be run as it is asked for.</exception>
    Task<RunReport> RunAsync(ParseResult parsed, TextWriter progress, CancellationToken cancellation);
}
