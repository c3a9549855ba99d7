// Package page draws the site around the report: the playground itself, pages
// to read beside it, the page shown where the assets were not built, and error
// pages.
//
// # What the page's program relies on
//
// Everything below is a contract with the TypeScript in web/src. Ids are
// unique in the document; data attributes carry JSON Pointers (RFC 6901) into
// the scenario or JSON.
//
// The shell, drawn once:
//
//	html[data-theme]        auto, light or dark; absent stands for auto
//	html[data-names]        none (as served), there, missing: whether AWS's names have arrived, which the engine is given after its first answer
//	html[data-engine]       none (as served), loading, ready, busy, stopped; the style sheet takes the colour from #report's parts while busy or stopped
//	html[data-tab]          lesson, token, role or result: the tab shown below 720 px (as served: result)
//	html[data-worker],      URL paths of the worker's script, of the
//	html[data-wasm],        engine and of the tools; empty where they are not built
//	html[data-tools]
//	html[data-operations]   the actions that the engine plays as operations, parted by spaces
//	html[data-examples],    URL paths of the examples' bundle and of the lessons'
//	html[data-lessons]
//	html[data-workshop]     name of the workshop that the page was opened from, which its addresses keep as ?workshop=; empty for none
//	html[data-teaches]      there while the scenario has a lesson
//	html[data-store]        URL path at which a scenario is stored; absent where none can be
//	html[data-home]         the front page's URL path, of a stored scenario's page; absent for all others, which stand beside it
//	html[data-static]       there where no server sends the policy of the page
//	html[data-reference]    URL path of AWS's names
//	#unreferred             the line that says why AWS's names aren't there; hidden otherwise
//	script#scenario         type application/json: the scenario as served
//	script#operations       likewise: each operation's params (their names), signed, protocol and defaults (what a call
//	                        begins with that is made one; {account} and {role} are those in view)
//	html[data-page]         new where the page was opened empty, else example
//	html[data-empty]        the scenario is the empty one: #begin stands in the report's place
//	html[data-editors]      plain where the reader chose textareas; absent stands for the editors
//	html[data-presenter]    presenter mode
//	#title                  the scenario's title
//	#menus                  nav with the menus; in narrow windows the button #menu opens it
//	#more                   details with what is seldom needed; in it menus that cover it
//	[data-chosen]           in a menu: choosing it closes all menus. [data-close] closes the menu that it stands in
//	[data-begin=WHERE]      button in #begin: goes to the token's field, or opens the menu of that id
//	#draft-line             what became of what was being written in this tab: #draft-words, and the buttons #draft-act and
//	                        #draft-close
//	#presenter, #plain      switches: presenter mode, and plain text editors; #leave-presenter is the way out
//	#keys                   dialog with the map of the keyboard, which #show-keys opens and #keys-close closes; #single-keys turns
//	                        keys without Ctrl off
//	#printed                the policies' texts, there while the page is printed
//	#lessons                details with the courses; its links are a[data-take=SLUG], href ?lesson=SLUG, and a .done in each
//	                        is shown once the lesson is. #lessons-done says how many are; #forget-progress is a button
//	#pane-lesson            the lesson in view, hidden where there is none, data-done once its task is; #lesson-title and
//	                        #lesson-place head it. #lesson-says and #lesson-helps hold what the tools draw, #lesson-tasks
//	                        report.Tasks; #lesson-elsewhere says that something is changed that the task isn't about
//	[data-lesson]           buttons of the lesson: solve, mend (put back what isn't the task's), restart
//	[popover]               a term of the glossary explained; button.term[popovertarget] opens it
//	#theme                  select: auto, light, dark
//	#examples               details with the gallery; its links are a[data-example=SLUG], href ?scenario=SLUG
//	#find-example           search field above the gallery; #found-examples says how many it leaves
//	.gallery details        a group of examples; that of the one in view is open, and each that has what is looked for
//	#report                 holds report.Fragment and nothing else; data-call is the number of the call drawn
//	#status                 role=status, empty as served; one sentence, the verdict, written when it changes
//	#problems               list of what keeps the scenario from being read, hidden as served; one li each
//	#engine                 line about the engine's state, hidden as served; #engine-words is its text
//	#restart                button in #engine that starts a stopped engine again, hidden as served
//	#too-large              line that says the scenario is beyond its limit, hidden as served
//	[data-pane=NAME]        a pane, one of F6's stops
//	#tabs                   nav with a[data-tab=lesson|token|role|result], href to the panes' ids
//	#pane-token,            the three panes; token and role are the left
//	#pane-role, #pane-result column in wide windows
//	#undo, #redo            buttons: the last change of the scenario undone, and redone; disabled where there is none
//	#reset                  button: the example as served again
//	#empty                  button: an empty scenario
//	#share                  button: opens #share-dialog, a dialog; in it #share-holder has #share-wait until it is given
//	                        tools.ShareBody, whose #share-link can be selected. #share-said says what was done, and
//	                        button[data-share] what to do: copy, yaml, json, large, close; #share-projector is the code for a
//	                        room, alone, in #share-screen
//	input[data-share-option]
//	                        in the dialog: claims, accounts, people, keys, view; each recomputes the link
//	#shared-line            line that says what came with the address, hidden as served: #shared-words, and the buttons
//	                        #shared-back, which takes it back, and #shared-close
//	#stored-line            line that says that the scenario is stored on the server; #stored-close hides it. There only on such a
//	                        scenario's page
//	#store                  in the share dialog, where html[data-store] is: input[name=expires] says for how long, #store-it stores,
//	                        where what is sent opens something only with #store-signed ticked, in #store-insist,
//	                        #store-said says why not, and #store-holder has tools.StoredLink of each that was stored
//	#completions            listbox of the field that is completed, hidden as served; #completions-status says how many there are
//
//	[data-format=FORMAT]    button: cli, cloudformation or terraform, as which #export-files has the world, in #exchange
//	#exchange-line          line that says what was taken in, hidden as served; aria-busy while what reads it still loads.
//	                        #exchange-said is drawn by tools.Taken, with #exchange-words and #exchange-notes; there [data-as] takes the text for something else, and
//	                        [data-explain] opens #causes with an error. #exchange-undo takes it back, #exchange-close hides the line
//	#open                   button that opens #open-dialog: #open-text and #open-files are taken in, by #open-take and when chosen;
//	                        #open-refusal says why not, hidden as served; #open-close closes it
//	#drop                   covers the page while something is dragged onto it, hidden as served
//	#causes                 details: #causes-text is explained into #causes-found; there [data-words] is an error to explain,
//	                        a[data-example] an example that shows it
//
// The world's controls, in the left column:
//
//	[data-editor=NAME]      mount point of an editor: policy (any that nothing refers to), token, mint, jwks, response, response-mint, metadata, trust,
//	                        session-policy, context, scenario.
//	                        Holds one textarea, the fallback, which the editor replaces (hide it, keep it in step).
//	                        data-label is the editor's accessible name, data-language json, xml or text; the style
//	                        sheet gives it --editor-height, how far it may grow.
//	[data-bind=POINTER]     on editors' mount points, input, select and textarea: the place in the scenario that the
//	                        control shows and writes. A pointer holds names in braces, resolved against the scenario:
//	                          {call}      number of the call drawn; of an action that of the STS call by which its caller came in
//	                          {account}   the account in that call's RoleArn where the scenario has it, else its first
//	                          {around}    the account that #around lists, at first the same
//	                          {role}      index of the role that RoleArn ends in, else 0
//	                          {issuer}    index of the issuer that mints that call's token, else 0
//	                          {provider}  index of the OIDC provider whose Url is that issuer's url, else 0
//	                          {saml}      index of the SAML provider that the call's PrincipalArn names, else 0
//	                        The pointer "" is the whole scenario. Writing a place whose parents are missing makes them.
//	[data-kind=KIND]        how text becomes a value:
//	                          text        a string; empty removes the member
//	                          number      an integer; empty removes the member; text that is no number stays a string
//	                          list        a list of strings, one a line; empty: the empty list
//	                          lines       the same; empty removes the member
//	                          flag        true or false; empty removes the member
//	                          json        a JSON value where the text is one, else the text; empty removes
//	                          call-name   renames the call; calls that use its credentials or its token follow
//	                          document    a JSON object where the text is one, else the text as a string; empty removes
//	                          token       as text, or a mint as JSON; a token or response that the playground minted is
//	                                      shown, and what is typed or pasted over it takes the mint's place
//	                          mint-profile, mint-attack
//	                                      of a select: what is minted. Its first option stands for nothing minted, and the
//	                                      second for a mint that doesn't say. An option's title says what it does, and is
//	                                      shown in #ID-about; data-issuer is whom such tokens usually come from
//	                          account     renames the account: the key in /accounts, and the digits in RoleArn
//	                          role        renames the role: RoleName, and the end of RoleArn
//	                          saml-name   renames the SAML provider: Name, and the end of PrincipalArn
//	                          entity      renames the SAML identity provider: metadataOf, its issuer, what it mints
//	                          boundary    a permissions boundary: an ARN as {"PolicyArn": …}, anything else as document
//	                          url         as text; also renames the issuer where issuer and provider agreed before
//	#action                 select: the call's operation. Choosing another keeps what only the old one has
//	#caller                 holds #field-caller, the call's caller; hidden for an operation that nobody signs
//	#params                 the fields of the operation's parameters, those of data-operation; exchanged for a copy of
//	template[data-operation] which every operation has one of; that with "" is for an action without parameters of its own
//	[data-protocol=KINDS]   shown only where the call presents one of these, parted by spaces: oidc, saml; logins or
//	                        response, which an operation has among its parameters; other
//	button[data-ask]        without data-ask-call of the call in view: copy, drop, earlier, later; add-call adds one
//	#mint-claims,           hold report.ClaimsForm and report.AttributesForm, .claims-form, and nothing else; served, and
//	#mint-attributes        drawn with a report while the details around one of them is open
//	input[data-bind]        in them a claim or attribute that is minted; its pointer has no names in braces. data-kind is claim, or
//	                        claim-json where numbers and words are JSON too; empty gives the profile's value back
//	input[data-new-claim=POINTER]
//	                        the name of a claim or attribute to add to those at the pointer
//	button[data-claim]      drop leaves the claim at data-claim-at out of the token, restore has it as the profile says
//	#keys-mode              select, what STS finds at the issuer; it writes members of /issuers/{issuer}:
//	                          playground  signing, and no jwks
//	                          pasted      jwks (the editor's text), and no signing
//	                          none        neither
//	                          unreachable reachable: false
//	[data-keys=MODE]        shown only while #keys-mode has that value (hidden as served where it has not)
//	#metadata-mode          select, the SAML provider's metadata; it writes members of the provider:
//	                          playground  metadataOf, of an issuer with signing
//	                          pasted      SAMLMetadataDocument (the editor's text)
//	                          none        neither
//	[data-metadata=MODE]    as data-keys
//	#private-key            select, the key that opens encrypted assertions: none, playground or pasted; privateKeys
//	[data-private-key=MODE] as data-keys
//	#tls                    select, trusted or untrusted
//	#around                 select: the account whose roles, users, resources and control policies are listed; "" adds one
//	[data-list=POINTER]     a list: its ol gets a copy of its template for each item of the array there. In the template
//	                        pointers (data-bind, data-list, data-shows) that begin with a dot go on from the item's own.
//	                        data-new is the JSON of an item that button[data-item=add] adds, data-name the member of it
//	                        that has to be unique. button[data-item=drop] removes the item that it stands in.
//	                        [data-none] is shown while there is no item, [data-rest] where there are more than are shown
//	[data-shows=POINTER]    in an item's summary: is given the string there, or the item's number
//	[data-count=POINTER]    is given the length of the array there
//	input[data-complete=SUBJECT]
//	                        a combobox: caller, action, resource, key (of a condition) or policy (its ARN)
//	#now                    input, RFC 3339: /now
//	#use-clock              button: writes the clock's time to /now
//
// In the report, drawn anew at every run and morphed into the page (see
// package report for the ids):
//
//	button.fix[data-fix]    a JSON Patch (RFC 6902) on the scenario, to apply when pressed
//	a[data-goto-path]       data-goto-path is a JSON Pointer into the scenario; data-line and data-column, from 1, are
//	                        the position in the text at that pointer, absent where none is known: focus the editor
//	                        that shows the place (the longest data-bind that is a prefix of it), go to the line
//	button[data-call]       draw that call
//	details[data-wish]      open or closed: how the fragment would have it. Set the open attribute from it only when
//	                        the wish differs from the wish before; otherwise the reader's choice stays
//	[data-live]             makes sense where the program runs: left out of pages for reading (see still)
//	[data-copy]             button: copies the text of the element whose id it holds
//	a[data-reveal=ID]       opens the part of that id, scrolls to it and gives it the focus
//	button[data-ask]        add, copy or drop a call; data-ask-call is its number, of copy and drop
//	[data-row=CALL]         a question: draw it when one of its fields is focused
//	input[data-bind]        a field of a question; its pointer has no names in braces. data-kind is one of text, caller, action,
//	                        resource, call-name (unique; callers follow), key (empty removes), key-list (with commas)
//	input[data-new-key=CALL]
//	                        the name of a condition key to add to the call's context
//
//	[data-lock=NAME]        a checkbox: the lock of that name in /locksOff, on where it isn't there
//	button[data-locks-on]   removes /locksOff
//	button[data-attack=NAME]
//	                        plays an attack: applies data-patch, and keeps data-back, which takes it back
//	button[data-attack-back]
//	                        takes the attack back that is played
//	#who                    the section of who gets in, which is asked for while it is open
//	#locks                  the section of locks and attacks; #locks-body is drawn while its details are open
//	.dissection             the token's signature, taken apart; #dissection, in reports of a token that has one
//
// The morph matches elements by id. Nothing in the report is written by the
// program but the values of fields, which are the scenario's, and the program
// computes nothing that the report says.
package page

import "stsplayground/engine"

// Playground is what the front page is drawn from.
type Playground struct {
	Assets   Assets
	Meta     Meta
	Examples []Example
	Courses  []Course
	Scenario string        // the scenario's JSON
	Slug     string        // the example's or the lesson's; empty for none
	Report   engine.Report // of the scenario
	Workshop string        // the name of the one that the page is opened from, whose lessons are the Courses; empty for none
	Store    string        // address at which scenarios are stored; empty where there is no server, or none that stores them
	Stored   *Stored       // of a scenario that is stored there; nil for all others
}

// Assets are the URL paths of what the page loads, with the hashes of their
// contents in them. The zero value: not built; the page is then its text alone.
type Assets struct {
	Script    string // the page's program, an ES module
	Style     string // the style sheet
	Theme     string // the script of the pages to read, which has no module's delay
	Worker    string // the worker's program
	Wasm      string // the engine
	Tools     string // the second module, with what isn't needed for a run
	Examples  string // the examples' bundle
	Lessons   string // the lessons'
	Reference string // AWS's names, for the engine
	Widget    string // the rest of an embed's program, which /v1/embed.js loads
	Frame     string // the program of the document that an iframe holds
	Builder   string // that of the page that makes snippets for embeds

	Policy  string   // the Content-Security-Policy, where no server sends it; else empty
	Alone   string   // the page in one file, to which one that is opened from a disk leads; empty for none
	Inlined *Inlined // what the page in one file has in itself; nil for all others
}

// Example is one entry of the gallery. Group is the heading it stands under;
// examples of a group stand together.
type Example struct {
	Slug    string
	Title   string
	Group   string
	Summary string
}
