namespace Actors.Host.Manifests;

/// <summary>Files by their rule: the template of their names, and how many there are.</summary>
/// <param name="FileName">As in the scenario.</param>
/// <param name="Files">File numbers 0 to Files - 1.</param>
internal sealed record FileSet(string FileName, int Files);
